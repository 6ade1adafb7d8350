import { randomBytes } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context.js';
import { asUser } from './process.js';
import { run } from './run.js';
import { adminPasswordFile, serviceCopies, serviceEnv } from './services.js';
import { writeText } from './state.js';
import { giveFile, ownDir } from './user.js';

/**
 * Gives the administrator a new first password, which must be changed at the next login. The gateway's own program does
 * it, in its own database: it reads the password from the file that the configuration names. The file that people read is
 * there only once its password is true.
 */
export async function resetAdmin(context: Context): Promise<string> {
  const program = join(context.settings.checkout, 'services/gateway/dist/admin-reset.js');
  if (!existsSync(program)) throw new Error(`${program} is not built: npm run build`);
  const copies = serviceCopies(context);
  const gateway = copies.find((copy) => copy.service === 'gateway');
  if (!gateway) throw new Error('there is no gateway');
  const file = adminPasswordFile(context);
  const given = `${file}.given`;
  const cwd = ownDir(context.path('keys'), context.user);
  writeText(given, randomBytes(12).toString('base64url'), 0o600);
  giveFile(given, context.user);
  const [command = '', ...args] = asUser(context.user, cwd, [context.settings.node, program]);
  const env = {
    ...context.settings.childEnv,
    ...serviceEnv(context, gateway, copies),
    BERTH_ADMIN_PASSWORD_FILE: given,
  };
  try {
    await run(command, args, { cwd, env });
    renameSync(given, file);
  } finally {
    rmSync(given, { force: true });
  }
  return file;
}

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from './config.js';
import type { Context } from './context.js';
import { loadContext } from './load-context.js';
import { asUser } from './process.js';
import { run } from './run.js';
import { adminPasswordFile, adminUser, serviceCopies, serviceEnv } from './services.js';
import { writeText } from './state.js';
import { readStatus } from './status.js';
import { giveFile, ownDir } from './user.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm run admin:reset`. Gives the exit code. */
export async function adminReset(settings: Settings): Promise<number> {
  if (!hasDatabase(settings)) return 1;
  const file = await resetAdmin(await loadContext(settings));
  say(`The password of ${adminUser} is the one in ${file}; it has to be changed at the next login.`);
  return 0;
}

/** `npm run audit:verify`. Gives the exit code: 2 when a row is not as it was written. */
export async function auditVerify(settings: Settings): Promise<number> {
  return hasDatabase(settings) ? verifyAudit(await loadContext(settings)) : 1;
}

/** Says it when the database does not run. */
function hasDatabase(settings: Settings): boolean {
  const isReady = readStatus(settings).engines.find((engine) => engine.name === 'postgres')?.ready ?? false;
  if (!isReady) say('The platform is not running. Start it with: npm run up');
  return isReady;
}

/**
 * Gives the administrator a new first password, which must be changed at the next login. The gateway's own program does
 * it, in its own database: it reads the password from the file that the configuration names. The file that people read is
 * there only once its password is true.
 */
async function resetAdmin(context: Context): Promise<string> {
  const file = adminPasswordFile(context);
  const given = `${file}.given`;
  writeText(given, randomBytes(12).toString('base64url'), 0o600);
  giveFile(given, context.user);
  const { command, args, cwd, env } = programOf(context, 'admin-reset.js');
  try {
    await run(command, args, { cwd, env: { ...env, BERTH_ADMIN_PASSWORD_FILE: given } });
    renameSync(given, file);
  } finally {
    rmSync(given, { force: true });
  }
  return file;
}

/**
 * Checks every row of the audit log against its chain, by the gateway's own program in its own database. What it finds goes to
 * this terminal.
 */
async function verifyAudit(context: Context): Promise<number> {
  const { command, args, cwd, env } = programOf(context, 'audit-verify.js');
  const program = spawn(command, args, { cwd, env, stdio: 'inherit' });
  const [code] = (await once(program, 'exit')) as [number | null];
  return code ?? 1;
}

/** A program of the gateway, with the gateway's user and environment. */
function programOf(context: Context, name: string) {
  const program = join(context.settings.checkout, 'services/gateway/dist', name);
  if (!existsSync(program)) throw new Error(`${program} is not built: npm run build`);
  const copies = serviceCopies(context);
  const gateway = copies.find((copy) => copy.service === 'gateway');
  if (!gateway) throw new Error('there is no gateway');
  const cwd = ownDir(context.path('keys'), context.user);
  const [command = '', ...args] = asUser(context.user, cwd, [context.settings.node, program]);
  return { command, args, cwd, env: { ...context.settings.childEnv, ...serviceEnv(context, gateway, copies) } };
}

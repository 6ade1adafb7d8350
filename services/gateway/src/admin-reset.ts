import { platformMigrations } from '@berth/platform/bootstrap';
import { SystemClock } from '@berth/platform/clock';
import { readConfig } from '@berth/platform/config';
import { messageOf } from '@berth/platform/errors';
import { createLogger } from '@berth/platform/log';
import { Database, migrate } from '@berth/platform/postgres';
import { gatewayConfig, type GatewayConfig } from './config.js';
import { MemberStore } from './members/members.store.pg.js';
import { migrations } from './migrations/index.js';
import { FirstAccounts } from './session/first-accounts.js';
import { Passwords } from './session/passwords.js';

/**
 * Gives the user `admin` the password of `BERTH_ADMIN_PASSWORD_FILE`, to be changed at the next login. Runs beside the
 * gateway with the gateway's environment and needs its database only. Ends with 1 when it could not.
 */
async function resetAdmin(config: GatewayConfig): Promise<void> {
  const file = config.BERTH_ADMIN_PASSWORD_FILE;
  if (file === undefined) throw new Error('BERTH_ADMIN_PASSWORD_FILE does not say where the new first password is');
  const log = createLogger({ service: 'gateway', instance: 'admin-reset', level: config.BERTH_LOG_LEVEL });
  const database = new Database({ url: config.BERTH_POSTGRES_URL, poolSize: 2, name: 'gateway-admin-reset', log });
  try {
    await migrate(config.BERTH_POSTGRES_URL, [...platformMigrations, ...migrations], log);
    const accounts = new FirstAccounts(database, new MemberStore(), new Passwords(), new SystemClock(), log);
    await accounts.resetAdmin(file);
  } finally {
    await database.close();
  }
}

try {
  await resetAdmin(readConfig(gatewayConfig));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

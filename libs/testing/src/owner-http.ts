import { PlatformModule, type ServiceDefinition } from '@berth/platform/bootstrap';
import type { PlatformConfig } from '@berth/platform/config';
import { createHttpApp, HttpDrain } from '@berth/platform/http';
import { IdentitySigner, identityHeader, type Identity } from '@berth/platform/identity';
import { silentLogger } from '@berth/platform/log';
import { Database } from '@berth/platform/postgres';
import { testDatabase, type TestDatabase } from './database.js';
import { anIdentity, testIdentityKeys } from './identity.js';

/** The service to start; `config` reads its settings, as at its real start. */
export interface Owner extends Pick<ServiceDefinition, 'service' | 'module' | 'migrations'> {
  readonly config: (env: NodeJS.ProcessEnv) => PlatformConfig;
}

/** The HTTP side of a whole service on a database of its own, without a bus. */
export interface OwnerHttp {
  readonly at: TestDatabase;
  readonly app: Awaited<ReturnType<typeof createHttpApp>>;
  /** The header of somebody with this one permission, as the gateway signs it; everywhere unless given. */
  as(
    permission: Identity['permissions'][number],
    scopes?: Identity['scopes'],
    rest?: Partial<Identity>,
  ): Promise<Record<string, string>>;
  close(): Promise<void>;
}

class Root {}

/** Starts it in this process; requests are injected, no port is taken. `settings` are those without a default. */
export async function ownerHttp(owner: Owner, settings: NodeJS.ProcessEnv = {}): Promise<OwnerHttp> {
  const { service, module, migrations } = owner;
  const at = await testDatabase(service, migrations);
  const keys = testIdentityKeys();
  const signer = new IdentitySigner(keys.privateKey);
  const config = owner.config({
    BERTH_HTTP_PORT: '0',
    BERTH_POSTGRES_URL: at.url,
    BERTH_KAFKA_BROKERS: '127.0.0.1:1',
    BERTH_IDENTITY_PUBLIC_KEY: keys.publicKey,
    BERTH_LOG_LEVEL: 'silent',
    ...settings,
  });
  const log = silentLogger();
  const drain = new HttpDrain();
  const platform = PlatformModule.forService({ service, module, migrations, config }, { log, drain });
  const app = await createHttpApp({ module: Root, imports: [platform, module] }, { service, log, drain });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    at,
    app,
    async as(permission, scopes = 'all', rest = {}) {
      const identity = anIdentity(service, { permissions: [permission], scopes, ...rest });
      return { [identityHeader]: await signer.sign(identity) };
    },
    async close() {
      await app.close();
      await app.get(Database).close();
      await at.close();
    },
  };
}

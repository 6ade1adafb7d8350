import 'reflect-metadata';
import type { RoleBinding } from '@berth/api';
import type { ServiceName } from '@berth/contracts';
import { PlatformModule } from '@berth/platform/bootstrap';
import { readConfig } from '@berth/platform/config';
import { createHttpApp, HttpDrain } from '@berth/platform/http';
import { silentLogger } from '@berth/platform/log';
import { Database } from '@berth/platform/postgres';
import { testDatabase, testIdentityKeys, type TestDatabase } from '@berth/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { AppModule } from '../app.module.js';
import { gatewayConfig } from '../config.js';
import { MemberStore } from '../members/members.store.pg.js';
import { migrations } from '../migrations/index.js';
import { csrfTokenOf, hashOfToken, newSessionToken } from '../session/session.js';
import { SessionStore } from '../session/session.store.pg.js';
import { StubOwner } from './stub-owner.js';

class Root {}

/** One running copy of the gateway. */
export interface Copy {
  readonly app: NestFastifyApplication;
  readonly url: string;
  close(): Promise<void>;
}

/** Somebody who is logged in. */
export interface Visitor {
  readonly userId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The gateway on a real database, with stand-ins for the services behind it. */
export class GatewayRig {
  private readonly copies: Copy[] = [];

  private constructor(
    readonly test: TestDatabase,
    readonly owners: Readonly<Record<'ipaas' | 'cluster-mgr' | 'dolphinsync', StubOwner>>,
    private readonly keys: ReturnType<typeof testIdentityKeys>,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<GatewayRig> {
    const test = await testDatabase('gateway', migrations);
    const keys = testIdentityKeys();
    const owner = (name: ServiceName) => StubOwner.start(name, keys.publicKey);
    const owners = {
      ipaas: await owner('ipaas'),
      'cluster-mgr': await owner('cluster-mgr'),
      dolphinsync: await owner('dolphinsync'),
    };
    const rig = new GatewayRig(test, owners, keys, settings);
    await rig.another();
    return rig;
  }

  get database(): Database {
    return this.test.database;
  }

  get app(): NestFastifyApplication {
    return (this.copies[0] as Copy).app;
  }

  get url(): string {
    return (this.copies[0] as Copy).url;
  }

  /** Starts one more copy on the same database. */
  async another(): Promise<Copy> {
    const config = readConfig(gatewayConfig, {
      BERTH_HTTP_PORT: '0',
      BERTH_INSTANCE: `gateway-${this.copies.length + 1}`,
      BERTH_POSTGRES_URL: this.test.url,
      BERTH_KAFKA_BROKERS: '127.0.0.1:1',
      BERTH_IDENTITY_PUBLIC_KEY: this.keys.publicKey,
      BERTH_IDENTITY_PRIVATE_KEY: this.keys.privateKey,
      BERTH_IPAAS_URLS: this.owners.ipaas.url,
      BERTH_CLUSTER_MGR_URLS: this.owners['cluster-mgr'].url,
      BERTH_DOLPHINSYNC_URLS: this.owners.dolphinsync.url,
      BERTH_LOG_LEVEL: 'silent',
      ...this.settings,
    });
    const drain = new HttpDrain();
    const log = silentLogger();
    const definition = { service: 'gateway' as const, module: AppModule, migrations, config, walksTable: true };
    const platform = PlatformModule.forService(definition, { drain, log });
    const app = await createHttpApp(
      { module: Root, imports: [platform, AppModule] },
      { service: 'gateway', log, drain },
    );
    await app.listen(0, '127.0.0.1');
    const close = async () => {
      await drain.drain(1_000);
      await app.close();
      await app.get(Database).close();
    };
    const copy = { app, url: (await app.getUrl()).replace('[::1]', '127.0.0.1'), close };
    this.copies.push(copy);
    return copy;
  }

  /** A user with these roles, with a session that began now. */
  async visitor(bindings: readonly RoleBinding[], mustChangePassword = false): Promise<Visitor> {
    const id = randomUUID();
    const token = newSessionToken();
    const at = new Date();
    await this.database.transaction(async (tx) => {
      const user = {
        id,
        username: `u-${id.slice(0, 8)}`,
        name: 'Somebody',
        passwordHash: 'none',
        mustChangePassword,
        at,
      };
      await new MemberStore().add(tx, user, bindings);
      const session = {
        id: randomUUID(),
        tokenHash: hashOfToken(token),
        userId: id,
        address: 'spec',
        userAgent: null,
        at,
      };
      await new SessionStore().add(tx, session);
    });
    return { userId: id, headers: { cookie: `berth_session=${token}`, 'x-csrf-token': csrfTokenOf(token) } };
  }

  async close(): Promise<void> {
    for (const copy of this.copies) await copy.close().catch(() => undefined);
    await Promise.all(Object.values(this.owners).map((owner) => owner.close()));
    await this.test.close();
  }
}

import { PlatformModule } from '@berth/platform/bootstrap';
import { readConfig } from '@berth/platform/config';
import { checkRoutesServed, createHttpApp, HttpDrain, servedRoutes } from '@berth/platform/http';
import { silentLogger } from '@berth/platform/log';
import { testDatabase, testIdentityKeys } from '@berth/testing';
import { expect, test } from '@jest/globals';
import { AppModule } from './app.module.js';
import { ipaasConfig } from './config.js';
import { migrations } from './migrations/index.js';

class Root {}

test('every module finds what it needs, and every route of the table that is ours is answered once', async () => {
  const at = await testDatabase('ipaas', migrations);
  const config = readConfig(ipaasConfig, {
    BERTH_HTTP_PORT: '0',
    BERTH_POSTGRES_URL: at.url,
    BERTH_KAFKA_BROKERS: '127.0.0.1:1',
    BERTH_IDENTITY_PUBLIC_KEY: testIdentityKeys().publicKey,
    BERTH_SEAL_KEY: Buffer.alloc(32, 1).toString('base64'),
    BERTH_REGISTRY_MIRRORS: 'registry.example:5000=http://127.0.0.1:5000',
    BERTH_LOG_LEVEL: 'silent',
  });
  const platform = PlatformModule.forService({ service: 'ipaas', module: AppModule, migrations, config });
  const root = { module: Root, imports: [platform, AppModule] };
  const app = await createHttpApp(root, { service: 'ipaas', log: silentLogger(), drain: new HttpDrain() });
  try {
    expect(() => checkRoutesServed('ipaas', servedRoutes(app))).not.toThrow();
  } finally {
    await app.close();
    await at.close();
  }
});

test('the schema goes down as it went up', async () => {
  const at = await testDatabase('ipaas', migrations);
  const runner = { query: (sql: string) => at.database.query(sql) };
  try {
    for (const Migration of [...migrations].reverse()) await new Migration().down(runner as never);
    const left = await at.database.query(
      `select table_name from information_schema.tables where table_name like 'service%'`,
    );
    expect(left).toEqual([]);
    for (const Migration of migrations) await new Migration().up(runner as never);
  } finally {
    await at.close();
  }
});

import { checkRoutesServed, servedRoutes } from '@berth/platform/http';
import { testDatabase } from '@berth/testing';
import { expect, test } from '@jest/globals';
import { migrations } from './migrations/index.js';
import { startOwner } from './owner.rig.js';

test('every module finds what it needs, and every route of the table that is ours is answered once', async () => {
  const http = await startOwner();
  try {
    expect(() => checkRoutesServed('ipaas', servedRoutes(http.app))).not.toThrow();
  } finally {
    await http.close();
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

import { randomUUID } from 'node:crypto';
import { routes, type CmdbPushBody } from '@berth/api';
import type { ApiUser } from '@berth/local';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { deployBody } from '../bodies.js';
import { openBrowser, Person, type Screen } from '../browser.js';
import { administrator, chosenPassword } from '../people.js';
import { eventually, status } from '../platform.js';
import { sampleImage } from '../sample.js';

const screens: Screen[] = [
  { language: 'zh-CN', colorScheme: 'light', width: 1280 },
  { language: 'en', colorScheme: 'dark', width: 1920 },
];

/** The CMDB no longer names two services that run: one stays for a week, one is retired, and both go on running. */
describe.each(screens)('a push of the CMDB with vanished services that run, in $language', (screen) => {
  const id = randomUUID().slice(0, 6);
  const source = `journey-${id}`;
  const project = `cmdb-${id}`;
  const line = { cmdbId: `L-${id}`, code: `line-${id}`, name: '演示业务线' };
  const inCmdb = { cmdbId: `P-${id}`, code: project, name: '演示项目', businessLine: line.cmdbId };
  const service = (code: string, name: string) => ({ cmdbId: `S-${code}-${id}`, code, name, project: inCmdb.cmdbId });
  const all = [service('stays', '留下的'), service('goes', '下线的'), service('other', '其他')];
  let admin: ApiUser;
  let browser: Browser;
  let me: Person;
  let token: string;

  const push = (version: number, services: object[], rest: Partial<CmdbPushBody> = {}) =>
    admin.ok(routes.pushCmdb, {
      bearer: token,
      body: { source, version, businessLines: [line], projects: [inCmdb], services, ...rest },
    });
  const at = (code: string) => ({ project, environment: 'test' as const, service: code });

  beforeAll(async () => {
    admin = await administrator();
    ({ token } = await admin.ok(routes.createToken, {
      body: { name: source, permission: 'cmdb.push', expiresInDays: 1 },
    }));
    await push(1, all);
    for (const code of ['stays', 'goes'])
      await eventually(`${code} deployed`, async () => {
        const body = deployBody(code, sampleImage('1.0'));
        const { state } = await admin.operate(routes.deployService, { params: at(code), body });
        return state === 'succeeded';
      });
    browser = await openBrowser();
    me = await Person.open(browser, screen);
    await me.login(admin.url, (await status()).adminUser, chosenPassword);
  }, 240_000);
  afterAll(async () => {
    await browser.close();
    for (const code of ['stays', 'goes']) await admin.operate(routes.deleteService, { params: at(code) });
    await push(9, [], { businessLines: [], projects: [] });
  }, 120_000);

  test('the push is seen with what it left undecided: 2 wait, 1 is retired', async () => {
    const answer = await push(2, []);
    expect(answer.counts.services).toMatchObject({ waiting: 2, retired: 1 });
    await me.page.goto(`${admin.url}/p/all/all/now`);
    await me.at('platform-strip').waitFor();
    await me.begin();

    await me.at('platform-strip').locator('a[href="/admin/cmdb"]').click();
    const line2 = me.at('push-2').filter({ hasText: source });
    await line2.getByRole('link').first().click();
    await me.at('push-rows').getByText(`${project}/stays`).waitFor();
    await me.checkAccessibility();
    await me.picture('cmdb-push');
    await me.at('to-vanished').click();
    await me.at(`vanished-${project}/stays`).waitFor();
    await me.checkAccessibility();
    await me.picture('cmdb-vanished');
  });

  test('one is kept for a week with a cause, one is retired with a cause', async () => {
    await decide('stays', 'keep', 'CMDB 正在补录');
    await me.at(`vanished-${project}/stays`).waitFor({ state: 'detached' });
    await decide('goes', 'retire', '业务已确认下线');
    await me.at(`vanished-${project}/goes`).waitFor({ state: 'detached' });
    const { clicks } = await me.effort('CMDB push with vanished running services, two decisions');
    expect(clicks).toBeLessThanOrEqual(9);
  });

  test('who decided what and why can be read afterwards', async () => {
    await me.at('vanished-state').locator('label').nth(2).click();
    const kept = me.at(`decided-${project}/stays`);
    await kept.getByText('CMDB 正在补录').waitFor();
    await me.at(`decided-${project}/goes`).getByText('业务已确认下线').waitFor();
    await me.checkAccessibility();
    await me.picture('cmdb-decisions');
  });

  test('nothing of it was stopped, and the same push again changes nothing', async () => {
    for (const code of ['stays', 'goes'])
      expect(await admin.ok(routes.getService, { params: at(code) })).toMatchObject({ state: 'running' });
    const again = await push(2, []);
    expect(again.result).toBe('unchanged');
  });

  test('accessible on the way, and the console is clean', () => {
    expect(me.findings).toEqual([]);
    expect(me.errors).toEqual([]);
  });

  async function decide(code: string, decision: 'keep' | 'retire', cause: string): Promise<void> {
    await me.at(`vanished-${project}/${code}`).getByTestId(decision).click();
    await me.at('dialog-vanished').waitFor();
    await me.field('dialog-cause').fill(cause);
    await me.picture(`cmdb-${decision}`);
    await me.at('dialog-ok').click();
  }
});

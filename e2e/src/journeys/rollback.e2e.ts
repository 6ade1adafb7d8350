import { randomUUID } from 'node:crypto';
import { routes } from '@berth/api';
import type { ApiUser } from '@berth/local';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { deployBody } from '../bodies.js';
import { openBrowser, Person, type Screen } from '../browser.js';
import { answersWith, SteadyClient } from '../cluster.js';
import { administrator, person } from '../people.js';
import { sampleImage, sampleProject } from '../sample.js';

const screens: Screen[] = [
  { language: 'zh-CN', colorScheme: 'dark', width: 1920 },
  { language: 'en', colorScheme: 'light', width: 1280 },
];

/** Release 2 never gets ready; release 1 keeps serving, and somebody goes back to it. */
describe.each(screens)('rollback after a failed upgrade, in $language', (screen) => {
  const id = randomUUID().slice(0, 6);
  const code = `back-${id}`;
  let admin: ApiUser;
  let browser: Browser;
  let me: Person;
  let client: SteadyClient;
  let service: { project: string; environment: 'test'; service: string };

  beforeAll(async () => {
    admin = await administrator();
    service = { project: await sampleProject(admin), environment: 'test', service: code };
    await person(admin, `main-${id}`, [{ role: 'owner', scope: `project:${service.project}` }]);
    const body = deployBody(code, sampleImage('1.0'), { replicas: 2, gracefulStopSeconds: 10 });
    await admin.operate(routes.deployService, { params: service, body });
    const { spec, specVersion, addresses } = await admin.ok(routes.getService, { params: service });
    const urls = addresses
      .filter(({ kind }) => kind === 'nodePort')
      .map(({ address, port }) => `http://${address}:${port}/`);
    for (const url of urls) await answersWith(url, '1.0');
    client = new SteadyClient(urls);
    const readiness = { ...body.spec.readiness, path: '/nowhere' };
    const failed = await admin.operate(routes.upgradeService, {
      params: service,
      ifMatch: specVersion,
      body: { spec: { ...spec, image: sampleImage('1.1'), readiness, rolloutDeadlineSeconds: 10 } },
    });
    expect(failed.state).toBe('failed');
    browser = await openBrowser();
    me = await Person.open(browser, screen);
    await me.login(admin.url, `main-${id}`, `second-Password-main-${id}`);
  });
  afterAll(async () => {
    await client.stop();
    await browser.close();
    await admin.operate(routes.deleteService, { params: service });
  });

  test('the page says that release 1 serves and release 2 failed; back in 3 clicks, without one failed request', async () => {
    await me.page.goto(`${admin.url}/p/${service.project}/test/services/${code}/overview`);
    await me.at('service-ready').filter({ hasText: '2/2' }).waitFor();
    const attempt = me.at('service-last-change').and(me.page.locator('[data-failed=true]'));
    await attempt.waitFor();
    for (const release of ['#1', '#2']) expect(await attempt.innerText()).toContain(release);
    await me.checkAccessibility();
    await me.picture('rollback-failed');
    await me.begin();
    await me.at('action-rollback').click();
    await me.at('rollback-to-1').click();
    const dialog = me.at('dialog-rollback');
    await dialog.waitFor();
    // The release that was well last is chosen already.
    expect(await me.at('rollback-target').innerText()).toContain('#1');
    await me.checkAccessibility();
    await me.picture('rollback-dialog');
    await me.at('dialog-ok').click();
    const state = me.at('op-state').and(me.page.locator('[data-state=succeeded]'));
    await state.waitFor({ timeout: 120_000 });
    const { clicks } = await me.effort('rollback after a failed upgrade');
    expect(clicks).toBeLessThanOrEqual(3);
    await client.stop();
    expect(client.failures).toEqual([]);
  });

  test('which is a new release with the old image; the failed one stays in the list with its result', async () => {
    const { items } = await admin.ok(routes.listReleases, { params: service });
    expect(items.map(({ number, result }) => [number, result])).toEqual([
      [3, 'available'],
      [2, 'failed'],
      [1, 'available'],
    ]);
    await me.page.goto(`${admin.url}/p/${service.project}/test/services/${code}/releases`);
    await me.at('release-3').waitFor();
    await me.checkAccessibility();
    await me.picture('rollback-releases');
  });

  test('accessible on the way, and the console is clean', () => {
    expect(me.findings).toEqual([]);
    expect(me.errors).toEqual([]);
  });
});

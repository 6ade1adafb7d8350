import { randomUUID } from 'node:crypto';
import { routes } from '@berth/api';
import type { ApiUser } from '@berth/local';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { deployBody } from '../bodies.js';
import { openBrowser, Person, type Screen } from '../browser.js';
import { administrator, person } from '../people.js';
import { sampleImage, sampleProject } from '../sample.js';
import { wordsOf } from '../words.js';

const screens: Screen[] = [
  { language: 'zh-CN', colorScheme: 'light', width: 1920 },
  { language: 'en', colorScheme: 'dark', width: 1280 },
];

/** The same services, seen by somebody who builds them and by somebody who operates them. */
describe.each(screens)('who may do what, in $language', (screen) => {
  const id = randomUUID().slice(0, 5);
  const codes = ['a', 'b', 'c'].map((letter) => `ops-${id}-${letter}`);
  const production = `ops-${id}-p`;
  const t = wordsOf(screen.language);
  let admin: ApiUser;
  let browser: Browser;
  let project: string;

  beforeAll(async () => {
    admin = await administrator();
    project = await sampleProject(admin);
    const scope = `project:${project}`;
    await person(admin, `dev-${id}`, [{ role: 'developer', scope }]);
    await person(admin, `ops-${id}`, [{ role: 'operator', scope }]);
    const image = sampleImage('1.0');
    const deploy = (environment: 'test' | 'prod', code: string) =>
      admin.operate(routes.deployService, {
        params: { project, environment },
        body: { ...deployBody(code, image), cause: 'journey' },
      });
    await Promise.all([...codes.map((code) => deploy('test', code)), deploy('prod', production)]);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    const remove = (environment: 'test' | 'prod', service: string) =>
      admin.operate(routes.deleteService, {
        params: { project, environment, service },
        query: { cause: 'journey' },
      });
    await Promise.all([...codes.map((code) => remove('test', code)), remove('prod', production)]);
  });

  const open = async (name: string) => {
    const me = await Person.open(browser, screen);
    await me.login(admin.url, `${name}-${id}`, `second-Password-${name}-${id}`);
    return me;
  };

  test('a developer in production reads everything and is told why nothing can be changed', async () => {
    const me = await open('dev');
    await me.begin();
    await me.page.goto(`${admin.url}/p/${project}/prod/services/${production}/overview`);
    await me.at('service-ready').filter({ hasText: '1/1' }).waitFor();
    for (const action of ['action-upgrade', 'action-scale', 'action-rollback'])
      expect(await me.at(action).and(me.page.locator(':enabled')).count()).toBe(0);
    await me.checkAccessibility();
    await me.picture('developer-in-production');
    await me.page.goto(`${admin.url}/p/${project}/prod/deploy`);
    await me.page.getByText(t('common.noRight', { right: t('right.service.deploy') })).waitFor();
    expect(await me.at('deploy-submit').isDisabled()).toBe(true);
    await me.effort('a developer forbidden in production');
    expect([...me.findings, ...me.errors]).toEqual([]);
    await me.close();
  });

  test('an operator restarts three services at once: sees what is hit first, then three operations to their ends', async () => {
    const me = await open('ops');
    await me.page.goto(`${admin.url}/p/${project}/test/services?q=ops-${id}`);
    for (const code of codes) await me.at(`service-row-${project}/test/${code}`).waitFor();
    await me.begin();
    await me.at('mark-all').click();
    await me.at('bulk-restart').click();
    const hit = me.at('bulk-hit');
    await hit.waitFor();
    expect(await hit.innerText()).toContain('3');
    await me.checkAccessibility();
    await me.picture('operator-bulk');
    await me.at('dialog-ok').click();
    await me.at('bulk-progress').and(me.page.locator('[data-over="3"]')).waitFor({ timeout: 180_000 });
    const { clicks } = await me.effort('an operator restarts three services');
    expect(clicks).toBeLessThanOrEqual(3);
    await me.picture('operator-bulk-done');
    const { items } = await admin.ok(routes.listOperations, { query: { project, kind: 'service.restart', limit: 50 } });
    const own = items.filter(({ target }) => codes.some((code) => JSON.stringify(target).includes(code)));
    expect(own.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect([...me.findings, ...me.errors]).toEqual([]);
    await me.close();
  });
});

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
  { language: 'zh-CN', colorScheme: 'light', width: 1280 },
  { language: 'en', colorScheme: 'dark', width: 1920 },
];

/** A service whose variable was forgotten: it prints so and ends with exit code 78, again and again. */
describe.each(screens)('why does it restart, in $language', (screen) => {
  const id = randomUUID().slice(0, 6);
  const code = `push-${id}`;
  const t = wordsOf(screen.language);
  let admin: ApiUser;
  let browser: Browser;
  let me: Person;
  let service: { project: string; environment: 'test'; service: string };

  beforeAll(async () => {
    admin = await administrator();
    service = { project: await sampleProject(admin), environment: 'test', service: code };
    await person(admin, `dev-${id}`, [{ role: 'developer', scope: `project:${service.project}` }]);
    const body = deployBody(code, sampleImage('1.0', 'sample-crash'), { ports: [], readiness: null });
    await admin.operate(routes.deployService, { params: service, body });
    browser = await openBrowser();
    me = await Person.open(browser, screen);
    await me.login(admin.url, `dev-${id}`, `second-Password-dev-${id}`);
  });
  afterAll(async () => {
    await browser.close();
    await admin.operate(routes.deleteService, { params: service });
  });

  test('from the first page: cause, proof and log at once, mended in 3 clicks', async () => {
    await me.page.goto(`${admin.url}/p/${service.project}/test/now`);
    const row = me.at(`unwell-${service.project}/test/${code}`);
    await row.getByText('78').first().waitFor();
    await me.picture('why-now');
    await me.begin();

    await row.getByRole('link', { name: t('now.why') }).click();
    const card = me.at('why-card').and(me.page.locator('[data-kind=variable_missing]'));
    await card.waitFor();
    expect(await me.at('why-sentence').innerText()).toContain('DB_URL');
    expect(await card.innerText()).toContain('78');
    await me.at('why-log').getByText('DB_URL').first().waitFor();
    await me.checkAccessibility();
    await me.picture('why-card');

    await me.at('why-action-add_variable').click();
    // The field is there, named and waiting: nobody has to look for it.
    await me.page.locator('[data-edit="variable:DB_URL"]').and(me.page.locator(':focus')).waitFor();
    await me.page.keyboard.type('postgres://db.example/quotes');
    await me.picture('why-fix');
    await me.at('upgrade-submit').click();
    const state = me.at('op-state').and(me.page.locator('[data-state=succeeded]'));
    await state.waitFor({ timeout: 120_000 });
    const { clicks } = await me.effort('why does it restart');
    expect(clicks).toBeLessThanOrEqual(3);
  });

  test('and it is well: no card any more, the log goes on', async () => {
    await me.page.goto(`${admin.url}/p/${service.project}/test/services/${code}/overview`);
    await me.at('service-ready').filter({ hasText: '1/1' }).waitFor();
    await me.at('why-card').waitFor({ state: 'detached' });
    await me.picture('why-mended');
  });

  test('accessible on the way, and the console is clean', () => {
    expect(me.findings).toEqual([]);
    expect(me.errors).toEqual([]);
  });
});

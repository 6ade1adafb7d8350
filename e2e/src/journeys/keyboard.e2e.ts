import { randomUUID } from 'node:crypto';
import { routes } from '@berth/api';
import type { ApiUser } from '@berth/local';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser, Person, type Screen } from '../browser.js';
import { administrator } from '../people.js';
import { sampleImage, sampleProject } from '../sample.js';
import { wordsOf } from '../words.js';

const minute = 60_000;
const screen: Screen = { language: 'zh-CN', colorScheme: 'dark', width: 1280 };

/** From the first login to the delete without a mouse: only keys, and the focus is always to be seen. */
describe('the first deploy with the keyboard alone', () => {
  const id = randomUUID().slice(0, 5);
  const code = `keys-${id}`;
  const password = `first-Password-${id}`;
  const t = wordsOf(screen.language);
  let admin: ApiUser;
  let browser: Browser;
  let me: Person;
  let project: string;

  beforeAll(async () => {
    admin = await administrator();
    project = await sampleProject(admin);
    const bindings = [{ role: 'owner' as const, scope: `project:${project}` }];
    await admin.ok(routes.createUser, { body: { username: `keys-${id}`, name: '何静', password, bindings } });
    browser = await openBrowser();
    me = await Person.open(browser, screen);
  });
  afterAll(() => browser.close());

  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => me.page.keyboard.press(key)), Promise.resolve());
  const type = (text: string) => me.page.keyboard.type(text);
  const ended = async (state: string) => {
    await me
      .at('op-state')
      .and(me.page.locator(`[data-state=${state}]`))
      .waitFor({ timeout: 3 * minute });
  };
  const ready = (text: string) =>
    me
      .at('service-ready')
      .filter({ hasText: text })
      .waitFor({ timeout: 2 * minute });

  test('logs in and changes the first password', async () => {
    await me.page.goto(admin.url);
    await me.at('login-form').waitFor();
    await me.begin();
    await type(`keys-${id}`);
    await press('Tab');
    await type(password);
    await press('Enter');
    await me.at('password-form').waitFor();
    await type(password);
    for (const field of ['new', 'repeat']) {
      await me.tabToField(field);
      await type(`second-Password-${id}`);
    }
    await press('Enter');
    await me.at('now').waitFor();
  });

  test('deploys 4 replicas from the form and watches them become ready', async () => {
    await press('g', 'd');
    await me.at('deploy-form').waitFor();
    // What the form offers first is the one project of this person.
    await me.tabTo('deploy-code');
    await type(code);
    await press('Escape');
    await me.tabTo('deploy-name');
    await type('键盘');
    await me.tabTo('deploy-image');
    await type(sampleImage('1.0'));
    await press('Escape');
    await me.at('image-answer').locator('.mark-ok').waitFor();
    // Small enough that six of them, and one more during an upgrade, fit on half of a small machine.
    await me.tabToLabel('CPU');
    await press('Control+a');
    await type('50');
    await me.tabToLabel(t('deploy.memory'));
    await press('Control+a');
    await type('64');
    await me.tabTo('deploy-replicas');
    await press('Control+a');
    await type('4');
    await me.at('placement-shanghai').waitFor();
    await me.picture('keyboard-deploy');
    await press('Control+Enter');
    await me.at('op-steps').waitFor();
    await ended('succeeded');
    await me.tabTo('op-open-service');
    await press('Enter');
    await ready('4/4');
  });

  test('reads its log, scales to 6 and back', async () => {
    await me.tabTo('tab-logs');
    await press('Enter');
    await me.at('log').getByText('1.0').first().waitFor({ timeout: 30_000 });
    await me.tabTo('action-scale');
    await press('Enter');
    await me.tabTo('scale-replicas');
    await press('Control+a');
    await type('6');
    await press('Enter');
    await ended('succeeded');
  });

  test('upgrades, rolls back and finds both in the releases', async () => {
    await toService();
    await me.tabTo('action-upgrade');
    await press('Enter');
    await me.tabTo('deploy-image');
    await press('Control+a');
    await type(sampleImage('1.1'));
    await press('Escape');
    await me.at('image-answer').locator('.mark-ok').waitFor();
    await me.tabTo('upgrade-submit');
    await press('Enter');
    await ended('succeeded');
    await toService();
    await me.tabTo('tab-releases');
    await press('Enter');
    await me.tabTo('rollback-to-1');
    await press('Enter');
    await me.at('dialog-rollback').waitFor();
    await me.tabTo('dialog-ok');
    await me.picture('keyboard-rollback');
    await press('Enter');
    await ended('succeeded');
  });

  test('deletes it', async () => {
    await toService();
    await me.tabTo('action-more');
    await press('Enter');
    await me.page.locator('[role=menuitem]:focus').waitFor();
    // The menu takes the arrows; delete is its last entry.
    await press('End');
    await me.page
      .locator('[role=menuitem]:focus')
      .filter({ hasText: t('action.delete') })
      .waitFor();
    await press('Enter');
    await me.at('dialog-delete').waitFor();
    await me.tabTo('dialog-ok');
    await press('Enter');
    await ended('succeeded');
    const params = { project, environment: 'test' as const, service: code };
    expect((await admin.call(routes.getService, { params })).status).toBe(404);
  });

  test('without one click', async () => {
    expect((await me.effort('first deploy to delete, keyboard alone')).clicks).toBe(0);
    expect(me.errors).toEqual([]);
  });

  /** By the palette, as people go anywhere. */
  async function toService(): Promise<void> {
    await press('Control+k');
    await me.page.getByPlaceholder(t('palette.placeholder')).waitFor();
    await type(code);
    await me.page.locator('[cmdk-item]').filter({ hasText: code }).first().waitFor();
    await press('Enter');
    await me.at('service-ready').waitFor();
  }
});

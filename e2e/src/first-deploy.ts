import { randomUUID } from 'node:crypto';
import { routes } from '@berth/api';
import type { ApiUser } from '@berth/local';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser, Person, type Screen } from './browser.js';
import { SteadyClient } from './cluster.js';
import { administrator } from './people.js';
import { eventually } from './platform.js';
import { sampleImage, sampleProject } from './sample.js';

const minute = 60_000;

/** The main job in a real browser, from the first login to the delete, on a screen like this. */
export function firstDeploy({ language, colorScheme, width }: Screen): void {
  describe(`first deploy to delete, in ${language}, ${colorScheme}, ${width} px`, () =>
    journey({ language, colorScheme, width }));
}

function journey(screen: Screen): void {
  const id = randomUUID().slice(0, 5);
  const code = `web-${id}`;
  const password = `first-Password-${id}`;
  let admin: ApiUser;
  let browser: Browser;
  let me: Person;
  let project: string;

  beforeAll(async () => {
    admin = await administrator();
    project = await sampleProject(admin);
    await admin.ok(routes.createUser, {
      body: {
        username: `lin-${id}`,
        name: '林晓',
        password,
        bindings: [{ role: 'owner', scope: `project:${project}` }],
      },
    });
    browser = await openBrowser();
    me = await Person.open(browser, screen);
  });
  afterAll(async () => {
    await browser.close();
  });

  const address = (path: string) => `${admin.url}${path}`;
  const open = (tab: string) => me.page.goto(address(`/p/${project}/test/services/${code}/${tab}`));
  const ready = (text: string) =>
    me
      .at('service-ready')
      .filter({ hasText: text })
      .waitFor({ timeout: 2 * minute });
  const service = () => ({ project, environment: 'test' as const, service: code });
  const nodePorts = async () =>
    (await admin.ok(routes.getService, { params: service() })).addresses
      .filter((row) => row.kind === 'nodePort')
      .map((row) => `http://${row.address}:${row.port}/`);
  /** Waits for the end of the operation on its page and says how it ended. */
  const ended = async () => {
    const state = me.at('op-state');
    await state
      .and(me.page.locator('[data-state=succeeded],[data-state=failed],[data-state=refused],[data-state=superseded]'))
      .waitFor({ timeout: 3 * minute });
    return state.getAttribute('data-state');
  };

  test('logs in with the first password and has to change it', async () => {
    await me.page.goto(address('/'));
    await me.at('login-form').waitFor();
    await me.picture('login');
    await me.page.fill('[name=username]', `lin-${id}`);
    await me.page.fill('[name=password]', password);
    await me.at('login-submit').click();
    await me.at('password-form').waitFor();
    await me.page.fill('[name=old]', password);
    await me.page.fill('[name=new]', `second-Password-${id}`);
    await me.page.fill('[name=repeat]', `second-Password-${id}`);
    await me.at('password-submit').click();
    await me.at('now').waitFor();
    await me.checkAccessibility();
    await me.picture('now');
  });

  test('deploys an image with 4 replicas and watches it become ready on both clusters', async () => {
    await me.page.goto(address(`/p/${project}/test/deploy`));
    await me.begin();
    await me.field('deploy-image').fill(sampleImage('1.0'));
    await me.field('deploy-code').fill(code);
    await me.field('deploy-name').fill('购物车');
    // Small enough that six of them, and one more during an upgrade, fit on half of a small machine beside another journey.
    await me.page.getByRole('button', { name: '0.25' }).click();
    await me.page.getByLabel('CPU', { exact: true }).fill('100');
    await me.field('deploy-replicas').fill('4');
    // With the default of 30 s an upgrade waits that long for each container to drain.
    await me.page.locator('details.more > summary').press('Enter');
    await me.page.locator('[data-edit=gracefulStopSeconds]').fill('3');
    await me.at('placement-shanghai').waitFor();
    await me.checkAccessibility();
    await me.picture('deploy');
    await me.at('deploy-submit').click();
    await me.at('op-steps').waitFor();
    await me.picture('operation');
    expect(await ended()).toBe('succeeded');
    await me.checkAccessibility();
    await me.at('op-open-service').click();
    await ready('4/4');
    await me.effort('first deploy, from the form to 4/4 on two clusters');
    await me.at('replica-cell').nth(3).waitFor();
    expect(await me.at('replica-cell').count()).toBe(4);
    for (const cluster of ['beijing', 'shanghai'])
      expect(await me.at(`replica-count-${cluster}`).textContent()).toBe('2/2');
    await me.checkAccessibility();
    await me.picture('service');
  });

  test('reads its log', async () => {
    await open('logs');
    await me.at('log').getByText('1.0').first().waitFor({ timeout: 30_000 });
    await me.picture('logs');
    await open('events');
    await me.at('events').waitFor();
    await me.picture('events');
  });

  test('scales from 4 to 6', async () => {
    await open('overview');
    await me.at('action-scale').click();
    await me.field('scale-replicas').fill('6');
    await me.at('dialog-ok').click();
    expect(await ended()).toBe('succeeded');
    await open('overview');
    await ready('6/6');
  });

  test('sees both changes beside what the containers use', async () => {
    await open('metrics');
    await me.at('metrics-marks').locator('li').nth(1).waitFor();
    await me.checkAccessibility();
    await me.picture('metrics');
    expect(await me.at('problem').count()).toBe(0);
  });

  test('upgrades to a second version while a client calls it without one failed request', async () => {
    const client = new SteadyClient(await nodePorts());
    await open('settings');
    await me.field('deploy-image').fill(sampleImage('1.1'));
    await me.at('upgrade-submit').click();
    expect(await ended()).toBe('succeeded');
    await client.stop();
    expect(client.failures).toEqual([]);
    await open('overview');
    await me.at('service-version').filter({ hasText: '1.1' }).waitFor();
  });

  test('rolls back to release 1', async () => {
    await open('releases');
    await me.at('release-2').waitFor();
    await me.picture('releases');
    await me.at('rollback-to-1').click();
    await me.at('dialog-rollback').waitFor();
    await me.picture('rollback');
    await me.at('dialog-ok').click();
    expect(await ended()).toBe('succeeded');
    await open('overview');
    await me.at('service-version').filter({ hasText: '1.0' }).waitFor();
    await ready('6/6');
  });

  test('sees the past containers', async () => {
    // A container is past when it has drained.
    await eventually('6 past containers', async () => {
      await open('containers');
      await me.at('containers-past').click();
      await me.at('past-containers').waitFor();
      return (await me.at('past-containers').locator('tbody tr').count()) >= 6;
    });
    await me.picture('past-containers');
  });

  test('deletes it', async () => {
    await open('overview');
    await me.at('action-more').click();
    await me.at('action-delete').click();
    await me.at('dialog-delete').waitFor();
    await me.picture('delete');
    await me.at('dialog-ok').click();
    expect(await ended()).toBe('succeeded');
    expect((await admin.call(routes.getService, { params: service() })).status).toBe(404);
  });

  test('every page on the way was accessible, and the console is clean', () => {
    expect(me.findings).toEqual([]);
    expect(me.errors).toEqual([]);
  });
}

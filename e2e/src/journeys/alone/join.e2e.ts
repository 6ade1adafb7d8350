import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { routes } from '@berth/api';
import type { ApiUser } from '@berth/local';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser, Person, type Screen } from '../../browser.js';
import { administrator, chosenPassword } from '../../people.js';
import { eventually, root, status } from '../../platform.js';
import { wordsOf } from '../../words.js';

const screens: Screen[] = [
  { language: 'zh-CN', colorScheme: 'dark', width: 1280 },
  { language: 'en', colorScheme: 'light', width: 1920 },
];

let admin: ApiUser;
let browser: Browser;

beforeAll(async () => {
  const { services } = await status();
  const copies = services.filter((row) => row.service === 'gateway').length;
  await up('--copies', String(copies), '--sample', 'small', '--spare');
  admin = await administrator();
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** Somebody has one more cluster and pastes its kubeconfig. */
describe.each(screens)('a third cluster, in $language, $colorScheme, $width px', (screen) => {
  const t = wordsOf(screen.language);
  let me: Person;

  beforeAll(async () => {
    me = await Person.open(browser, screen);
    await me.login(admin.url, (await status()).adminUser, chosenPassword);
  });
  afterAll(() => me.close());

  const kubeconfig = async () => {
    const spare = (await status()).clusters.find(({ name }) => name === 'guangzhou');
    if (!spare) throw new Error('the third cluster does not run');
    return readFileSync(spare.platformKubeconfig, 'utf8');
  };

  test('with a wrong kubeconfig hears what is wrong and nothing is kept', async () => {
    await me.page.goto(`${admin.url}/clusters/add`);
    await me.page.getByLabel(t('clusters.name'), { exact: false }).first().fill('guangzhou');
    await me.page.getByLabel('kubeconfig').first().fill('apiVersion: v1\nkind: Config\nclusters: []\n');
    await me.at('cluster-check').click();
    await me.page.locator('[data-testid=problem], [data-testid^=check-][data-state=failed]').first().waitFor();
    await me.picture('join-wrong');
    const { items } = await admin.ok(routes.listClusters);
    expect(items.map(({ name }) => name).sort()).toEqual(['beijing', 'shanghai']);
  });

  test('is checked line by line, joins in 3 clicks, and takes services', async () => {
    await me.page.goto(`${admin.url}/clusters`);
    await me.at('cluster-beijing').waitFor();
    await me.begin();
    await me.at('add-cluster').click();
    await me.page.getByLabel(t('clusters.name'), { exact: false }).first().fill('guangzhou');
    await me.page.getByLabel(t('clusters.displayName'), { exact: false }).first().fill('广州');
    await me.page
      .getByLabel('kubeconfig')
      .first()
      .fill(await kubeconfig());
    await me.at('cluster-check').click();
    await me.at('preflight').waitFor();
    await me.checkAccessibility();
    await me.picture('join-checked');
    expect(await me.page.locator('[data-testid^=check-][data-state=failed]').count()).toBe(0);
    await me.at('cluster-join').click();
    await me.at('op-state').and(me.page.locator('[data-state=succeeded]')).waitFor({ timeout: 120_000 });
    const { clicks } = await me.effort('a third cluster by its kubeconfig');
    expect(clicks).toBeLessThanOrEqual(3);
    await me.page.goto(`${admin.url}/clusters`);
    await me.at('cluster-guangzhou').and(me.page.locator('[data-phase=ready]')).waitFor({ timeout: 60_000 });
    await me.picture('join-joined');
  });

  test('can be removed again while nothing is placed in it', async () => {
    await me.at('remove-guangzhou').click();
    await me.at('dialog-remove-cluster').waitFor();
    await me.picture('join-remove');
    if (await me.at('dialog-cause').isVisible()) await me.at('dialog-cause').fill('旅程结束');
    await me.at('dialog-ok').click();
    await eventually('two clusters', async () => (await admin.ok(routes.listClusters)).items.length === 2);
    expect([...me.findings, ...me.errors]).toEqual([]);
  });
});

/** What `npm run up` does when everything is built, with other options: what runs goes on, what is new starts. */
function up(...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const local = path.join(root, 'deploy/local/dist/main.js');
    const child = spawn(process.execPath, [local, 'up', '--yes', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (exit) => (exit === 0 ? resolve() : reject(new Error(`up ended with ${exit}`))));
  });
}

import { randomUUID } from 'node:crypto';
import { routes } from '@berth/api';
import type { ApiUser } from '@berth/local';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { deployBody } from '../../bodies.js';
import { openBrowser, Person } from '../../browser.js';
import { SteadyClient } from '../../cluster.js';
import { administrator, chosenPassword } from '../../people.js';
import { eventually, status } from '../../platform.js';
import { unit } from '../../processes.js';
import { sampleImage, sampleProject } from '../../sample.js';
import { wordsOf } from '../../words.js';

/** Something of the platform is silent: what still works works, and the pages say what does not. */
describe('the pages while a part of the platform is silent', () => {
  const code = `silent-${randomUUID().slice(0, 6)}`;
  const t = wordsOf('zh-CN');
  let admin: ApiUser;
  let browser: Browser;
  let me: Person;
  let service: { project: string; environment: 'test'; service: string };

  beforeAll(async () => {
    admin = await administrator();
    service = { project: await sampleProject(admin), environment: 'test', service: code };
    const body = deployBody(code, sampleImage('1.0'), { replicas: 2 });
    await admin.operate(routes.deployService, { params: service, body });
    browser = await openBrowser();
    me = await Person.open(browser, { language: 'zh-CN', colorScheme: 'light', width: 1280 });
    await me.login(admin.url, (await status()).adminUser, chosenPassword);
  });
  afterAll(async () => {
    await browser.close();
    await admin.operate(routes.deleteService, { params: service });
  });

  const overview = () => me.page.goto(`${admin.url}/p/${service.project}/test/services/${code}/overview`);
  const clusterPhase = async (name: string) => (await admin.ok(routes.getCluster, { params: { cluster: name } })).phase;

  /** Stops processes where they are for as long as `work` takes. */
  async function silenced(names: readonly string[], work: () => Promise<void>): Promise<void> {
    const pids = await Promise.all(names.map(async (name) => (await unit(name)).pid));
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    try {
      await work();
    } finally {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    }
  }

  test('the bus: lists and pages are read, a change is accepted and its page says that messages are late', async () => {
    await silenced(['kafka'], async () => {
      await overview();
      await me.at('service-ready').filter({ hasText: '2/2' }).waitFor();
      await me.at('action-scale').click();
      await me.field('scale-replicas').fill('3');
      await me.at('dialog-ok').click();
      await me.at('op-state').and(me.page.locator('[data-state=accepted]')).waitFor();
      await me.page
        .getByText(t('operation.busLate', { delay: '' }).trim())
        .first()
        .waitFor();
      await me.picture('silent-bus');
    });
    await me.at('op-state').and(me.page.locator('[data-state=succeeded]')).waitFor({ timeout: 120_000 });
  });

  test('a cluster: the last state with its age and never zero, the other goes on, and it comes back by readmission', async () => {
    const { addresses } = await admin.ok(routes.getService, { params: service });
    const beijing = addresses.filter(({ kind, cluster }) => kind === 'nodePort' && cluster === 'beijing');
    const client = new SteadyClient(
      beijing.map(({ address, port }) => `http://${address}:${port}/`),
      100,
    );
    await silenced(['shanghai.apiserver'], async () => {
      await eventually('shanghai given up', async () => (await clusterPhase('shanghai')) === 'dead', 120_000);
      await overview();
      await me.at('service-state').getByText(t('serviceState.unknown')).waitFor({ timeout: 60_000 });
      // What was last known stays: three replicas, none of them called gone.
      expect(await me.at('service-ready').innerText()).toContain('3');
      await me.checkAccessibility();
      await me.picture('silent-cluster-service');
      await me.page.goto(`${admin.url}/clusters`);
      await me.at('cluster-shanghai').and(me.page.locator('[data-phase=dead]')).waitFor();
      await me.picture('silent-cluster');
      // A change of what the other cluster can carry is not held up by the silent one.
      await me.page.goto(`${admin.url}/p/all/all/now`);
      await me.at('platform-strip').getByText('上海').first().waitFor();
      await me.picture('silent-cluster-now');
    });
    await client.stop();
    expect(client.failures).toEqual([]);
    await eventually('shanghai in quarantine', async () => (await clusterPhase('shanghai')) === 'quarantined', 120_000);
    await me.page.goto(`${admin.url}/clusters`);
    await me.at('readmit-shanghai').click();
    await eventually('shanghai ready', async () => (await clusterPhase('shanghai')) === 'ready', 120_000);
    await overview();
    await me.at('service-ready').filter({ hasText: '3/3' }).waitFor({ timeout: 120_000 });
  });

  test('the owner of services: pages of others work, and a list says what it cannot read and that it tries again', async () => {
    const copies = (await status()).services.filter((row) => row.service === 'ipaas').map(({ name }) => name);
    await me.page.goto(`${admin.url}/p/all/all/services`);
    await me.page.locator('[data-testid^="service-row-"]').first().waitFor();
    await silenced(copies, async () => {
      await me.page.goto(`${admin.url}/clusters`);
      await me.at('cluster-beijing').waitFor();
      await me.page.goto(`${admin.url}/p/all/all/operations`);
      await me.page.locator('[data-testid^="operation-row-"]').first().waitFor();
      await me.page.goto(`${admin.url}/p/all/all/services`);
      const note = me.page.locator('[data-testid=problem]').first();
      await note.waitFor({ timeout: 60_000 });
      expect(await note.getAttribute('data-code')).toMatch(/service_unavailable|timeout|network/);
      await me.picture('silent-owner');
    });
    await me.page.locator('[data-testid^="service-row-"]').first().waitFor({ timeout: 60_000 });
  });

  test('accessible on the way', () => expect(me.findings).toEqual([]));
});

import { randomUUID } from 'node:crypto';
import { FeedHint, routes } from '@berth/api';
import type { ApiUser } from '@berth/local';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { deployBody } from '../bodies.js';
import { openBrowser, Person } from '../browser.js';
import { query } from '../database.js';
import { Front, type PassedFeed } from '../front.js';
import { administrator, chosenPassword } from '../people.js';
import { eventually, status } from '../platform.js';
import { killUnit } from '../processes.js';
import { sampleImage, sampleProject } from '../sample.js';
import { wordsOf } from '../words.js';

/** Somebody looks at a page while the copy of the gateway that serves it dies. */
describe('a page whose gateway is killed', () => {
  const code = `front-${randomUUID().slice(0, 6)}`;
  const t = wordsOf('zh-CN');
  let browser: Browser;
  let front: Front;
  let me: Person;
  let admin: ApiUser;
  let service: { project: string; environment: 'test'; service: string };

  beforeAll(async () => {
    const gateways = (await status()).services.filter((row) => row.service === 'gateway');
    expect(gateways.length).toBeGreaterThanOrEqual(2);
    front = await Front.open(gateways.map(({ url }) => url));
    // Changes come by the last copy; the front prefers the first one.
    admin = await administrator(gateways.at(-1)?.url);
    service = { project: await sampleProject(admin), environment: 'test', service: code };
    await admin.operate(routes.deployService, { params: service, body: deployBody(code, sampleImage('1.0')) });
    browser = await openBrowser();
    me = await Person.open(browser, { language: 'zh-CN', colorScheme: 'light', width: 1280 });
  });
  afterAll(async () => {
    await browser.close();
    await front.close();
    await admin.operate(routes.deleteService, { params: service });
  });

  test('goes on at the other copy: it says that it reconnects, misses nothing, sees nothing twice, and is not loaded again', async () => {
    await me.page.goto(`${front.url}/p/${service.project}/test/services/${code}/overview`);
    await me.page.fill('[name=username]', (await status()).adminUser);
    await me.page.fill('[name=password]', chosenPassword);
    await me.at('login-submit').click();
    await me.at('service-ready').filter({ hasText: '1/1' }).waitFor();
    await me.at('feed-dot').getByText(t('feed.live')).waitFor();
    const [first] = front.feeds;
    const { name } = (await status()).services.find(({ url }) => url === first?.copy)!;
    const told = await me.tellsFrom('feed-dot');

    const changes = (async () => {
      for (const replicas of [2, 3, 4, 3, 2])
        await admin.operate(routes.scaleService, { params: service, body: { replicas } });
    })();
    await eventually('the first change at the page', async () => hintsOf(front.feeds).length > 2);
    const comesBack = killUnit(name);
    await changes;
    await me.at('service-ready').filter({ hasText: '2/2' }).waitFor();

    expect(await told()).toEqual([t('feed.live'), t('feed.offline'), t('feed.live')]);
    const [before, after, ...more] = front.feeds;
    expect(more).toEqual([]);
    expect([before?.ended, after?.copy === before?.copy]).toEqual([true, false]);
    expect(after?.lastEventId).toBe(before?.events.findLast(({ id }) => id)?.id);
    expect(front.feeds.flatMap(({ events }) => events).filter(({ event }) => event === 'reset')).toEqual([]);
    const seen = hintsOf(front.feeds).map(({ seq }) => seq);
    const written = await query<{ seq: string }>(
      'gateway',
      `select seq from feed where seq between ${seen[0]} and ${seen.at(-1)} order by seq`,
    );
    expect(seen).toEqual(written.map(({ seq }) => Number(seq)));
    const ofService = hintsOf([after as PassedFeed]).filter(({ key }) => key === Object.values(service).join('/'));
    expect(ofService.length).toBeGreaterThan(0);
    await comesBack;
  });

  test('and when the killed copy is back, the page is served by it again', async () => {
    await me.page.reload();
    await me.at('service-ready').filter({ hasText: '2/2' }).waitFor();
    await me.at('feed-dot').getByText(t('feed.live')).waitFor();
    expect(front.feeds.at(-1)?.copy).toBe(front.feeds[0]?.copy);
    expect(me.errors).toEqual([]);
  });
});

/** What the browser was told, in the order in which it came. */
function hintsOf(feeds: readonly PassedFeed[]): FeedHint[] {
  return feeds
    .flatMap(({ events }) => events)
    .flatMap(({ data }) => {
      const hint = data.startsWith('{') ? FeedHint.safeParse(JSON.parse(data)) : null;
      return hint?.success ? [hint.data] : [];
    });
}

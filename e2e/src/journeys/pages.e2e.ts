import { readFileSync } from 'node:fs';
import path from 'node:path';
import { routes } from '@berth/api';
import type { ApiUser } from '@berth/local';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser, Person, type Screen } from '../browser.js';
import { administrator, chosenPassword } from '../people.js';
import { root, status } from '../platform.js';
import { pages, type Ids } from './page-list.js';

/** Each page is loaded once in a language, and then looked at in the other theme and width. */
const screens: { first: Screen; second: Pick<Screen, 'colorScheme' | 'width'> }[] = [
  {
    first: { language: 'zh-CN', colorScheme: 'light', width: 1280 },
    second: { colorScheme: 'dark', width: 1920 },
  },
  {
    first: { language: 'en', colorScheme: 'dark', width: 1280 },
    second: { colorScheme: 'light', width: 1920 },
  },
];

let admin: ApiUser;
let browser: Browser;
let ids: Ids;

beforeAll(async () => {
  admin = await administrator();
  const services = await admin.ok(routes.listServices, { query: { limit: 500, state: 'running' } });
  const service = services.items.find((row) => row.uid !== null);
  const [push] = (await admin.ok(routes.listCmdbPushes, { query: { limit: 1 } })).items;
  const [operation] = (await admin.ok(routes.listOperations, { query: { limit: 1 } })).items;
  if (!service || !push || !operation) throw new Error('the platform has no sample');
  ids = {
    project: service.project,
    env: service.environment,
    code: service.code,
    push: push.id,
    operation: operation.id,
  };
  browser = await openBrowser();
});
afterAll(() => browser.close());

test('every route of the portal has a row in the list of pages', () => {
  const source = readFileSync(path.join(root, 'services/web-portal/src/app/router.tsx'), 'utf8');
  const inRouter = [...source.matchAll(/^ {2}path: '([^']+)'/gm)].map(([, found]) => found);
  expect(inRouter.length).toBeGreaterThan(20);
  expect(Object.keys(pages).sort()).toEqual([...new Set(inRouter)].sort());
});

describe.each(screens)(
  'every page with real data, in $first.language, light and dark, at 1280 and 1920 px',
  ({ first, second }) => {
    test('is drawn, fits its width, is accessible, and its console is clean', async () => {
      const me = await Person.open(browser, first);
      const tooWide: string[] = [];
      await me.page.goto(`${admin.url}/login`);
      await me.at('login-form').waitFor();
      await me.checkAccessibility();
      await me.login(admin.url, (await status()).adminUser, chosenPassword);
      for (const address of Object.values(pages).flatMap((addresses) => addresses(ids))) {
        await me.page.goto(admin.url + address);
        await me.drawn();
        for (const { colorScheme, width } of [first, second]) {
          await me.turnTo({ colorScheme, width });
          // What a theme and a width change for axe is colours alone; the rest was asked before.
          await me.checkAccessibility(colorScheme === first.colorScheme ? undefined : ['color-contrast']);
          await me.picture(`page${address.replace(/[^a-z0-9]+/gi, '-')}`);
          if (await me.page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
            tooWide.push(`${address} at ${width} px`);
        }
      }
      expect({ findings: me.findings, tooWide, errors: me.errors }).toEqual({ findings: [], tooWide: [], errors: [] });
      await me.close();
    });
  },
);

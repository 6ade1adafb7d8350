import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { routes } from '@berth/api';
import { freePort } from '@berth/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser, Person, type Screen } from '../browser.js';
import { pages, type Ids } from './page-list.js';
import { eventually, root } from '../platform.js';
import { wordsOf } from '../words.js';

/** Pages that read nothing of their own: a form to fill in is the same in every state of the platform. */
const formsAlone = ['/password', '/clusters/add'];

const screens: Record<'empty' | 'error' | 'slow' | 'stale', Screen> = {
  empty: { language: 'zh-CN', colorScheme: 'light', width: 1280 },
  error: { language: 'en', colorScheme: 'dark', width: 1280 },
  slow: { language: 'zh-CN', colorScheme: 'dark', width: 1920 },
  stale: { language: 'en', colorScheme: 'light', width: 1920 },
};

let server: ChildProcess;
let url: string;
let browser: Browser;
let addresses: readonly string[];

/** The built portal with an API from memory, which can be empty, refused, slow or old. */
beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  const args = ['preview', '--mode', 'fixture', '--outDir', 'dist/app', '--port', String(port), '--host', '127.0.0.1'];
  server = spawn(process.execPath, [vite, ...args], {
    cwd: path.join(root, 'services/web-portal'),
    stdio: 'ignore',
  });
  await eventually('the portal with its fixture', async () => (await fetch(url)).ok);
  const ids = await idsOfFixture();
  addresses = Object.entries(pages)
    .filter(([route]) => !formsAlone.includes(route))
    .flatMap(([, of]) => of(ids));
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  server.kill();
});

describe('every page', () => {
  test('says that there is nothing yet, instead of a blank', async () => {
    const me = await Person.open(browser, screens.empty);
    const blank: string[] = [];
    for await (const address of await choose(me, 'empty')) {
      await me.drawn();
      const text = await me.page.locator('main').evaluate(wordsAlone);
      // More than its head: words about what is missing, or the form that it is.
      if (text.trim().split('\n').length < 2 || /undefined|NaN|\{\w+\}/.test(text)) blank.push(address);
      await look(me, 'empty', address);
    }
    await me.page.goto(`${url}/p/all/all/services?fixture=empty`);
    await me.at('empty').waitFor();
    expect({ blank, findings: me.findings, errors: me.errors }).toEqual({ blank: [], findings: [], errors: [] });
    await me.close();
  });

  test('says what cannot be read and offers to try again, instead of a blank', async () => {
    const me = await Person.open(browser, screens.error);
    const silent: string[] = [];
    for await (const address of await choose(me, 'error')) {
      const note = me.page.locator('main [data-testid=problem], main .note-warn').first();
      const told = await note.waitFor({ timeout: 15_000 }).then(
        () => true,
        () => false,
      );
      if (!told) silent.push(address);
      await look(me, 'error', address);
    }
    expect({ silent, findings: me.findings, errors: me.errors }).toEqual({ silent: [], findings: [], errors: [] });
    await me.close();
  });

  test('has its shape while it waits', async () => {
    const me = await Person.open(browser, screens.slow);
    const shapeless: string[] = [];
    for await (const address of await choose(me, 'slow')) {
      const shape = me.page.locator('main .skeleton, main form, main [aria-busy=true]').first();
      const isThere = await shape.waitFor({ timeout: 5000 }).then(
        () => true,
        () => false,
      );
      if (!isThere) shapeless.push(address);
      await look(me, 'slow', address);
    }
    expect({ shapeless, findings: me.findings, errors: me.errors }).toEqual({
      shapeless: [],
      findings: [],
      errors: [],
    });
    await me.close();
  });

  test('keeps what it had, with its age, when it cannot be read again', async () => {
    const me = await Person.open(browser, screens.stale);
    const t = wordsOf('en');
    for (const address of ['/p/all/all/services', '/p/all/all/now', '/clusters', '/p/all/all/operations']) {
      await me.page.goto(`${url}${address}?fixture=stale`);
      await me.drawn();
      const rows = (await me.page.locator('main').innerText()).length;
      await me.page
        .getByText(t('common.staleSince', { at: '' }).trim())
        .first()
        .waitFor();
      expect((await me.page.locator('main').innerText()).length).toBeGreaterThan(rows / 2);
      await look(me, 'stale', address);
    }
    expect([...me.findings, ...me.errors]).toEqual([]);
    await me.close();
  });
});

/** Goes to one page after the other in this state, which the browser keeps once it was asked for. */
async function choose(me: Person, face: string) {
  await me.page.goto(`${url}/?fixture=${face}`);
  return {
    async *[Symbol.asyncIterator]() {
      for (const address of addresses) {
        await me.page.goto(url + address);
        yield address;
      }
    },
  };
}

/** Runs in the page: what it says, without the commands that it shows. */
function wordsAlone(main: HTMLElement): string {
  return [...main.querySelectorAll('code, pre')].reduce(
    (text, { textContent }) => text.replace(textContent, ''),
    main.innerText,
  );
}

async function look(me: Person, face: string, address: string): Promise<void> {
  await me.checkAccessibility();
  await me.picture(`${face}${address.replace(/[^a-z0-9]+/gi, '-')}`);
}

async function idsOfFixture(): Promise<Ids> {
  const read = async (address: string) => {
    const { items } = (await (await fetch(`${url}${address}?limit=50`)).json()) as {
      items: { [field: string]: string | null }[];
    };
    return items;
  };
  const service = (await read(routes.listServices.path)).find(({ uid }) => uid !== null);
  const [push] = await read(routes.listCmdbPushes.path);
  const [operation] = await read(routes.listOperations.path);
  const [letter] = await read(routes.listDeadLetters.path);
  return {
    project: service?.project ?? '',
    env: service?.environment ?? '',
    code: service?.code ?? '',
    push: push?.id ?? '',
    operation: operation?.id ?? '',
    ...(letter && { deadLetter: `${letter.owner}/${letter.id}` }),
  };
}

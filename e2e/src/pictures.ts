import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readSettings } from '@berth/local';
import { openBrowser, Person, type Screen } from './browser.js';
import { root, status } from './platform.js';

/** What the README shows, by file. */
const pictures: Readonly<
  Record<string, Pick<Screen, 'language' | 'colorScheme'> & { address: string; drawn: string }>
> = {
  'services-en': {
    language: 'en',
    colorScheme: 'light',
    address: '/p/all/all/services',
    drawn: '[data-testid^="service-row-"]',
  },
  'service-zh-CN': {
    language: 'zh-CN',
    colorScheme: 'dark',
    address: '/p/wealth-portal/prod/services/home-web/overview',
    drawn: '[data-testid="replica-cell"]',
  },
  'why-en': {
    language: 'en',
    colorScheme: 'light',
    address: '/p/wealth-data/test/services/quote-push/overview',
    drawn: '[data-testid="why-card"]',
  },
};

/** `npm run pictures`: the pictures of the README, taken of the running platform with its sample. */
async function main(): Promise<void> {
  const { url } = await status();
  const password = readFileSync(path.join(readSettings().stateDir, 'keys/setup-password'), 'utf8').trim();
  const folder = path.join(root, 'docs/pictures');
  mkdirSync(folder, { recursive: true });
  const browser = await openBrowser();
  try {
    for (const [name, { address, drawn, ...look }] of Object.entries(pictures)) {
      const person = await Person.open(browser, { ...look, width: 1280 });
      await person.login(url, 'setup', password);
      await person.page.goto(`${url}${address}`);
      await person.page.locator(drawn).first().waitFor();
      await person.drawn();
      await person.page.screenshot({ path: path.join(folder, `${name}.png`) });
      await person.close();
    }
  } finally {
    await browser.close();
  }
}

await main();

import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { routes } from '@berth/api';
import { ApiUser, readSettings } from '@berth/local';
import { openBrowser, Person } from './browser.js';
import { root, status } from './platform.js';

/** `npm run pictures`: the pictures of the README, taken of the running platform with its sample. */
async function main(): Promise<void> {
  const { url } = await status();
  const password = readFileSync(path.join(readSettings().stateDir, 'keys/setup-password'), 'utf8').trim();
  const user = new ApiUser(url);
  await user.login('setup', password);
  const { items } = await user.ok(routes.listOperations, { query: { limit: 50 } });
  const deploy = items.find((operation) => operation.kind === 'service.deploy' && operation.state === 'succeeded');
  const pages = {
    services: '/p/all/all/services',
    service: '/p/wealth-portal/prod/services/home-web/overview',
    operation: `/operations/${deploy?.id ?? ''}`,
    clusters: '/clusters',
  };
  const folder = path.join(root, 'docs/pictures');
  mkdirSync(folder, { recursive: true });
  const browser = await openBrowser();
  try {
    for (const [language, colorScheme] of [
      ['en', 'light'],
      ['zh-CN', 'dark'],
    ] as const) {
      const person = await Person.open(browser, { language, colorScheme, width: 1280 });
      await person.login(url, 'setup', password);
      for (const [name, address] of Object.entries(pages)) {
        await person.page.goto(`${url}${address}`, { waitUntil: 'load' });
        await person.page.locator('main [data-state], main table').first().waitFor();
        await person.page.screenshot({ path: path.join(folder, `${name}-${language}.png`) });
      }
      await person.close();
    }
  } finally {
    await browser.close();
  }
}

await main();

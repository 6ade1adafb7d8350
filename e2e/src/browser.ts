import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { root } from './platform.js';

/** Without these, Chromium talks to its maker's hosts at every start. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const screenshotsDir = path.join(root, 'e2e/screenshots');
const axeSource = readFileSync(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: quiet });
}

interface Axe {
  readonly violations: readonly { id: string; impact: string; nodes: { html: string }[] }[];
}

export type Language = 'zh-CN' | 'en';

/** What somebody sits in front of. */
export interface Screen {
  readonly language: Language;
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
}

/** A person at a screen: one page whose console errors and failed requests are kept. */
export class Person {
  readonly errors: string[] = [];
  /** Serious and critical findings of axe, by page. */
  readonly findings: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly screen: Screen,
  ) {
    page.on('console', (message) => {
      // A problem answered by the API is shown on the page; Chromium logs its status as an error all the same.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
  }

  static async open(browser: Browser, screen: Screen): Promise<Person> {
    const { language: locale, colorScheme, width } = screen;
    const viewport = { width, height: Math.round((width * 10) / 16) };
    const context = await browser.newContext({ locale, colorScheme, viewport, reducedMotion: 'reduce' });
    return new Person(await context.newPage(), context, screen);
  }

  async login(url: string, username: string, password: string): Promise<void> {
    await this.page.goto(`${url}/login`);
    await this.page.fill('[name=username]', username);
    await this.page.fill('[name=password]', password);
    await this.at('login-submit').click();
    await this.at('feed-dot').waitFor();
  }

  at(testId: string) {
    return this.page.getByTestId(testId);
  }

  /** The field of this test id, also where the library puts the id on a box around it. */
  field(testId: string) {
    return this.page.locator(`input[data-testid="${testId}"], [data-testid="${testId}"] input`).first();
  }

  /** Begins to write down every text that an element shows; the answer tells what it showed so far, also for a moment. */
  async tellsFrom(testId: string): Promise<() => Promise<string[]>> {
    const texts = await this.at(testId).evaluateHandle((element) => {
      const seen = [element.textContent];
      const look = () => seen.at(-1) === element.textContent || seen.push(element.textContent);
      new MutationObserver(look).observe(element, { childList: true, characterData: true, subtree: true });
      return seen;
    });
    return () => texts.jsonValue();
  }

  /** A picture of the page as it is; pictures are for looking at and are not kept in the repository. */
  async picture(name: string): Promise<void> {
    mkdirSync(screenshotsDir, { recursive: true });
    const { language, colorScheme, width } = this.screen;
    await this.page.screenshot({ path: path.join(screenshotsDir, `${name}-${language}-${colorScheme}-${width}.png`) });
  }

  /** Runs axe on the page as it is and keeps what is serious or critical. */
  async checkAccessibility(): Promise<void> {
    await this.page.evaluate(axeSource);
    const { violations } = (await this.page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as Axe;
    const { pathname } = new URL(this.page.url());
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        this.findings.push(`${pathname}: ${id}: ${nodes[0]?.html.slice(0, 160)}`);
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

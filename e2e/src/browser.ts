import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { wantsPictures } from './environment.js';
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

const viewportOf = (width: number) => ({ width, height: Math.round((width * 10) / 16) });

/** Runs in the page: every press of a mouse button by a person counts, over reloads too. */
function countClicks(): void {
  addEventListener(
    'pointerdown',
    ({ isTrusted }) =>
      isTrusted && sessionStorage.setItem('clicks', String(Number(sessionStorage.getItem('clicks')) + 1)),
    true,
  );
}

/** A person at a screen: one page whose console errors and failed requests are kept. */
export class Person {
  readonly errors: string[] = [];
  /** Serious and critical findings of axe, by page. */
  readonly findings: string[] = [];

  private beganMs = performance.now();
  private shown: Screen;

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    screen: Screen,
  ) {
    this.shown = screen;
    page.on('console', (message) => {
      // A problem answered by the API is shown on the page; Chromium logs its status as an error all the same.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
  }

  static async open(browser: Browser, screen: Screen): Promise<Person> {
    const { language: locale, colorScheme, width } = screen;
    const viewport = viewportOf(width);
    const context = await browser.newContext({ locale, colorScheme, viewport, reducedMotion: 'reduce' });
    await context.addInitScript(countClicks);
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

  /** Waits until the page has its head and nothing of it is still on its way. */
  async drawn(): Promise<void> {
    await this.page.locator('main h1, .door h1').first().waitFor();
    await this.page.locator('.skeleton').first().waitFor({ state: 'detached' });
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

  /** Starts counting anew what somebody has to do. */
  async begin(): Promise<void> {
    this.beganMs = performance.now();
    await this.page.evaluate(() => sessionStorage.removeItem('clicks'));
  }

  /** Clicks and seconds since `begin`, kept for the table in docs/journeys.md. Typing is in the seconds. */
  async effort(journey: string): Promise<{ clicks: number; seconds: number }> {
    const clicks = Number(await this.page.evaluate(() => sessionStorage.getItem('clicks')));
    const seconds = Math.round((performance.now() - this.beganMs) / 100) / 10;
    const { language, colorScheme, width } = this.shown;
    mkdirSync(screenshotsDir, { recursive: true });
    const row = JSON.stringify({ journey, language, colorScheme, width, clicks, seconds });
    appendFileSync(path.join(screenshotsDir, 'journeys.jsonl'), `${row}\n`);
    return { clicks, seconds };
  }

  /** Presses Tab until this element has the focus, as somebody without a mouse does; fails when it is never reached. */
  tabTo(testId: string): Promise<void> {
    return this.tabToElement(`[data-testid="${testId}"]`);
  }

  /** The same for a field of a form without test ids. */
  tabToField(name: string): Promise<void> {
    return this.tabToElement(`[name="${name}"]`);
  }

  /** The same for a field that only its label names. */
  tabToLabel(label: string): Promise<void> {
    return this.tabToElement(`[aria-label="${label}"]`);
  }

  private async tabToElement(selector: string, most = 90): Promise<void> {
    await this.page.locator(selector).first().waitFor();
    for (let presses = 0; presses < most; presses += 1) {
      await this.page.keyboard.press('Tab');
      // The focus has to be where somebody can see it.
      const isThere = await this.page.evaluate((wanted) => {
        const focused = document.activeElement;
        return focused !== null && focused.closest(wanted) !== null && focused.matches(':focus-visible');
      }, selector);
      if (isThere) return;
    }
    throw new Error(`${selector} is not reached with ${most} times Tab`);
  }

  /** A picture of the page as it is, when somebody wants to look at pictures; they are not kept in the repository. */
  async picture(name: string): Promise<void> {
    if (!wantsPictures) return;
    mkdirSync(screenshotsDir, { recursive: true });
    const { language, colorScheme, width } = this.shown;
    await this.page.screenshot({ path: path.join(screenshotsDir, `${name}-${language}-${colorScheme}-${width}.png`) });
  }

  /** Looks at the same page in the other theme and at this width. */
  async turnTo(change: Pick<Screen, 'colorScheme' | 'width'>): Promise<void> {
    this.shown = { ...this.shown, ...change };
    await this.page.emulateMedia({ colorScheme: change.colorScheme });
    await this.page.setViewportSize(viewportOf(change.width));
  }

  /** Runs axe on the page as it is and keeps what is serious or critical; `rules` are those that alone are asked. */
  async checkAccessibility(rules?: readonly string[]): Promise<void> {
    await this.page.evaluate(axeSource);
    const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
    const { violations } = (await this.page.evaluate(`axe.run(document, ${options})`)) as Axe;
    const { pathname } = new URL(this.page.url());
    for (const { id, impact, nodes } of violations)
      if (impact === 'serious' || impact === 'critical')
        this.findings.push(`${pathname}, ${this.shown.colorScheme}: ${id}: ${nodes[0]?.html.slice(0, 160)}`);
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

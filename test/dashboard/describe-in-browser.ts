import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { findBrowser, sharedBrowser } from './browser.ts';

const executable = findBrowser();
const built = existsSync(fileURLToPath(new URL('../../dist/dashboard/index.html', import.meta.url)));
const missing =
  executable === undefined ? 'no Chromium or Chrome (set CHROME_PATH)' : built ? '' : 'npm run build';

/** For `vi.waitFor`. */
export const WAIT = { timeout: 20_000, interval: 50 };
/** Adds up layout shifts that no input caused, in `shifts`. */
export const OBSERVE_SHIFTS = `
  globalThis.shifts = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifts += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
`;

/** Lets the page draw some screen frames. */
export const settled = (page: Page): Promise<unknown> =>
  page.evaluate(`new Promise((resolve) => {
    let frames = 4;
    requestAnimationFrame(function next() {
      if (--frames > 0) requestAnimationFrame(next);
      else setTimeout(resolve);
    });
  })`);

/** Waits until nothing reaches over the right edge of the window: charts take a new width with the next frame. */
export function fitsWindow(page: Page): Promise<unknown> {
  const message = `${page.url()} at ${page.viewportSize()?.width} px`;
  const over = () => page.evaluate('document.documentElement.scrollWidth - innerWidth');
  return expect.poll(over, { ...WAIT, message }).toBeLessThanOrEqual(0);
}

/** The layout shifts so far, once all frames until now are counted. Needs OBSERVE_SHIFTS. */
export async function shiftsOf(page: Page): Promise<number> {
  await settled(page);
  return page.evaluate<number>('shifts');
}

export interface BrowserTestOptions {
  /** Errors and warnings in the console that are no fault of the page. */
  readonly ignore?: RegExp;
  /** Runs in each page before its own scripts. */
  readonly init?: string;
}

export interface TestBrowser {
  /** Opens a page in a context of its own, which is closed after the test. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>;
  /** Errors that pages did not catch, and errors and warnings in their consoles; any that are left fail the test. */
  readonly faults: string[];
}

/** Tests of the built dashboard in a real browser; skipped where one of them is missing. */
export function describeInBrowser(
  name: string,
  { ignore, init }: BrowserTestOptions,
  tests: (browser: TestBrowser) => void,
): void {
  if (missing !== '') console.warn(`Tests of ${name} are skipped: ${missing} is missing.`);
  describe.skipIf(missing !== '')(name, () => {
    const faults: string[] = [];
    const contexts: BrowserContext[] = [];
    let browser: Browser | undefined;

    beforeAll(async () => {
      browser = await sharedBrowser(executable!);
    });
    beforeEach(() => {
      faults.length = 0;
    });
    // These run in reverse order: pages are closed before their servers, so that none misses its server.
    afterEach(() => expect(faults).toEqual([]));
    tests({ open, faults });
    afterEach(async () => {
      for (const context of contexts.splice(0)) await context.close();
    });

    async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
      const context = await browser!.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      contexts.push(context);
      context.setDefaultTimeout(150_000); // The machine may be busy.
      const page = await context.newPage();
      if (init !== undefined) await page.addInitScript(init);
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => {
        const bad = message.type() === 'error' || message.type() === 'warning';
        if (bad && !ignore?.test(message.text())) faults.push(message.text());
      });
      await page.goto(url);
      return page;
    }
  });
}

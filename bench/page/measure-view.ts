import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { violations } from '../../test/dashboard/axe.ts';
import { OBSERVE, type Seen } from './observe.ts';
import type { PageView } from './views.ts';

/** What one view cost at one width, and what axe-core found in it. */
export interface ViewRow {
  readonly view: string;
  /** Of the window, in CSS px. */
  readonly width: number;
  readonly firstMs: number;
  /** Of all scripts that were loaded, gzip. */
  readonly scriptKb: number;
  readonly styleKb: number;
  /** Tasks over 50 ms: their durations in ms. */
  readonly longTasks: readonly number[];
  /** Cumulative layout shift. */
  readonly shift: number;
  /** What moved. */
  readonly moved: readonly string[];
  /** How far the page is wider than its window, in CSS px. */
  readonly overflow: number;
  /** `THEME: RULE: elements`. */
  readonly axe: readonly string[];
}

export interface MeasureOptions {
  readonly url: string;
  readonly width: number;
  readonly height: number;
  /** How long the view is watched. */
  readonly seconds: number;
  readonly themes: readonly string[];
}

/** Opens a view in a window of its own, watches it, and audits it in each theme. */
export async function measureView(
  browser: Browser,
  view: PageView,
  { url, width, height, seconds, themes }: MeasureOptions,
): Promise<ViewRow> {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'en-GB' });
  try {
    const page = await context.newPage();
    await page.addInitScript(OBSERVE);
    const sizes = countBytes(page);
    const began = performance.now();
    await page.goto(`${url}${view.hash}`);
    await page.locator(view.ready).first().waitFor({ timeout: 60_000 });
    const firstMs = performance.now() - began;
    await view.prepare?.(page);
    await page.waitForTimeout(seconds * 1000);
    const { tasks, shift, moved } = await page.evaluate<Seen>('seen');
    const { script, style } = await sizes();
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    const axe: string[] = [];
    for (const theme of themes) axe.push(...(await audit(page, theme)));
    return {
      ...{ view: view.name, width, firstMs, shift, moved, axe },
      ...{ scriptKb: script / 1000, styleKb: style / 1000, longTasks: tasks, overflow },
    };
  } finally {
    await context.close();
  }
}

/** Bytes of the scripts and styles that a page loads from now on, each compressed as a server would. */
function countBytes(page: Page): () => Promise<{ readonly script: number; readonly style: number }> {
  const sizes = { script: 0, style: 0 };
  const bodies: Promise<void>[] = [];
  page.on('response', (response) => {
    const kind = response.request().resourceType();
    if (kind !== 'script' && kind !== 'stylesheet') return;
    const count = (body: Buffer) => {
      sizes[kind === 'script' ? 'script' : 'style'] += gzipSync(body).length;
    };
    bodies.push(response.body().then(count, () => {})); // A preload that was cancelled has no body.
  });
  return async () => {
    await Promise.all(bodies);
    return sizes;
  };
}

async function audit(page: Page, theme: string): Promise<string[]> {
  await page.evaluate(`document.documentElement.setAttribute('data-theme', '${theme}')`);
  await page.waitForTimeout(300);
  return (await violations(page)).map((violation) => `${theme}: ${violation}`);
}

/*
 * Pictures of every view in each theme at 320 to 3,840 px, from a real server with real audio.
 *
 *   npm run screenshots -- [--out FOLDER] [--only live,setup] [--widths 390,1440] [--themes light,dark] [--language de]
 *
 * UNDERTONE_DATA names a folder with `clips/*.ogg`; without it the demo plays. CHROME_PATH names the browser.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BrowserContext } from 'playwright-core';
import { findBrowser, launch } from '../test/dashboard/browser.ts';
import { startPageServer } from './page/server.ts';
import { EMPTY_VIEWS, type PageView, THEMES, VIEWS, WIDTHS } from './page/views.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'runs/screenshots' },
    only: { type: 'string', default: '' },
    widths: { type: 'string', default: '' },
    themes: { type: 'string', default: '' },
    language: { type: 'string', default: 'en' },
    streams: { type: 'string', default: '3' },
  },
});
const chosen = (list: string, name: string) => list === '' || list.split(',').includes(name);
const executable = findBrowser();
if (executable === undefined) throw new Error('No Chromium or Chrome: set CHROME_PATH.');
mkdirSync(values.out, { recursive: true });

const browser = await launch(executable);
try {
  await takeAll(Number(values.streams), VIEWS);
  await takeAll(0, EMPTY_VIEWS);
} finally {
  await browser.close();
}

async function takeAll(streams: number, all: readonly PageView[]): Promise<void> {
  const views = all.filter(({ name }) => chosen(values.only, name));
  if (views.length === 0) return;
  const server = await startPageServer({ streams });
  try {
    await new Promise((resolve) => setTimeout(resolve, streams > 0 ? 20_000 : 0)); // Some seconds of curve.
    for (const viewport of WIDTHS.filter(({ width }) => chosen(values.widths, String(width))))
      for (const theme of THEMES.filter((one) => chosen(values.themes, one))) {
        const context = await browser.newContext({ viewport, locale: values.language });
        await context.addInitScript(`localStorage.setItem('undertone.theme', '${theme}')`);
        for (const view of views) {
          const file = `${view.name}-${theme}-${viewport.width}.png`;
          await take(context, `${server.url}${view.hash}`, view, join(values.out, file)).then(
            () => console.log(file),
            // A view that fails is reported, and the others follow.
            (error: Error) => console.error(`${file}: ${error.message.split('\n')[0]}`),
          );
        }
        await context.close();
      }
  } finally {
    await server.close();
  }
}

async function take(context: BrowserContext, url: string, view: PageView, path: string): Promise<void> {
  const page = await context.newPage();
  try {
    await page.goto(url);
    await page.locator(view.ready).first().waitFor({ timeout: 60_000 });
    await view.prepare?.(page);
    await page.waitForTimeout(1_500);
    await page.screenshot({ path, fullPage: page.viewportSize()!.width < 500 });
  } finally {
    await page.close();
  }
}

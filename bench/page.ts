/*
 * How fast, calm and accessible is each view? Time to the first value, JavaScript and styles that are loaded (gzip),
 * tasks over 50 ms, cumulative layout shift, and the violations that axe-core finds, at two widths.
 *
 *   npm run build && npm run bench page -- [--streams 16] [--seconds 10] [--only live,setup] [--themes light,dark]
 *
 * UNDERTONE_DATA names a folder with `clips/*.ogg`; without it the demo plays. CHROME_PATH names the browser. Times
 * are of this machine, whose processors the server and the browser share; the bars are under 1 s with 1 stream, 150 KB
 * of JavaScript for the first view, no long task, a shift of 0 and no violation.
 */
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { textTable } from '../src/util/text-table.ts';
import { violations } from '../test/dashboard/axe.ts';
import { findBrowser, launch } from '../test/dashboard/browser.ts';
import { startPageServer } from './page/server.ts';
import { type PageView, THEMES, VIEWS, WIDTHS } from './page/views.ts';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    themes: { type: 'string', default: 'light,dark' },
  },
});
const chosen = (list: string, name: string) => list === '' || list.split(',').includes(name);
const executable = findBrowser();
if (executable === undefined) throw new Error('No Chromium or Chrome: set CHROME_PATH.');
/** Long tasks and layout shifts from the start of the page. */
const OBSERVE = `
  window.seen = { shift: 0, tasks: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.seen.shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.seen.tasks.push(Math.round(entry.duration));
  }).observe({ type: 'longtask', buffered: true });
`;

interface Row {
  readonly view: string;
  readonly width: number;
  readonly firstMs: number;
  readonly scriptKb: number;
  readonly styleKb: number;
  readonly longTasks: readonly number[];
  readonly shift: number;
  readonly axe: readonly string[];
}

const browser = await launch(executable);
const server = await startPageServer({ port: 8796, streams: Number(values.streams) });
try {
  const rows: Row[] = [];
  for (const view of VIEWS.filter(({ name }) => chosen(values.only, name)))
    for (const { width, height } of WIDTHS.slice(0, 2))
      rows.push(await measure(browser, view, width, height));
  console.log(
    textTable(
      [
        ['view', 'px', 'first ms', 'JS KB gz', 'CSS KB gz', 'tasks > 50 ms', 'CLS', 'axe'],
        ...rows.map(({ view, width, firstMs, scriptKb, styleKb, longTasks, shift, axe }) => [
          view,
          String(width),
          firstMs.toFixed(0),
          scriptKb.toFixed(1),
          styleKb.toFixed(1),
          longTasks.length === 0 ? '0' : `${longTasks.length} (${Math.max(...longTasks)} ms)`,
          shift.toFixed(3),
          axe.length === 0 ? '0' : axe.join(', '),
        ]),
      ],
      { align: 'l' },
    ),
  );
} finally {
  await browser.close();
  await server.close();
}

async function measure(from: Browser, view: PageView, width: number, height: number): Promise<Row> {
  const context = await from.newContext({ viewport: { width, height }, locale: 'en-GB' });
  const page = await context.newPage();
  await page.addInitScript(OBSERVE);
  const sizes = { script: 0, style: 0 };
  const bodies: Promise<void>[] = [];
  page.on('response', (response) => {
    const kind = response.request().resourceType();
    if (kind !== 'script' && kind !== 'stylesheet') return;
    bodies.push(
      response
        .body()
        .then((body) => {
          sizes[kind === 'script' ? 'script' : 'style'] += gzipSync(body).length;
        })
        .catch(() => {}),
    );
  });
  const began = performance.now();
  await page.goto(`${server.url}${view.hash}`);
  await page.locator(view.ready).first().waitFor({ timeout: 60_000 });
  const firstMs = performance.now() - began;
  await Promise.all(bodies);
  await view.prepare?.(page);
  await page.waitForTimeout(Number(values.seconds) * 1000);
  const seen = await page.evaluate<{ shift: number; tasks: number[] }>('window.seen');
  const axe = new Set<string>();
  for (const theme of THEMES.filter((one) => chosen(values.themes, one)))
    for (const fault of await audit(page, theme)) axe.add(fault);
  await context.close();
  return {
    view: view.name,
    ...{ width, firstMs, axe: [...axe] },
    scriptKb: sizes.script / 1000,
    styleKb: sizes.style / 1000,
    longTasks: seen.tasks,
    shift: seen.shift,
  };
}

/** Ids of the rules that a theme violates, with the number of elements. */
async function audit(page: Page, theme: string): Promise<string[]> {
  await page.evaluate(`document.documentElement.setAttribute('data-theme', '${theme}')`);
  await page.waitForTimeout(300);
  return (await violations(page)).map((violation) => `${theme}: ${violation}`);
}

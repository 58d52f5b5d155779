/*
 * How fast, calm and accessible is each view? Time to the first value, JavaScript and styles that are loaded (gzip),
 * tasks over 50 ms, cumulative layout shift, and the violations that axe-core finds in each theme at each width.
 *
 *   npm run build && npm run bench page -- [--streams 16] [--seconds 10] [--only live,setup] [--themes light,dark]
 *                                          [--widths 390,1440]
 *   npm run build && npm run bench page -- --bars [--seconds 10] [--heap 60]
 *
 * The first form shows each view with real audio: UNDERTONE_DATA names a folder with `clips/*.ogg`; without it the demo
 * plays. --bars measures the page alone, with synthetic frames of 1, 16 and 64 streams, and --heap its memory over so
 * many minutes. CHROME_PATH names the browser. Times are of this machine, whose processors the server and the browser
 * share.
 */
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { textTable } from '../src/util/text-table.ts';
import { violations } from '../test/dashboard/axe.ts';
import { findBrowser, launch } from '../test/dashboard/browser.ts';
import { measureBars } from './page/bars.ts';
import { OBSERVE, type Seen } from './page/observe.ts';
import { startPageServer } from './page/server.ts';
import { type PageView, THEMES, VIEWS, WIDTHS } from './page/views.ts';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    themes: { type: 'string', default: '' },
    widths: { type: 'string', default: '' },
    bars: { type: 'boolean', default: false },
    heap: { type: 'string', default: '0' },
  },
});
const chosen = (list: string, name: string) => list === '' || list.split(',').includes(name);
const executable = findBrowser();
if (executable === undefined) throw new Error('No Chromium or Chrome: set CHROME_PATH.');
interface Row {
  readonly view: string;
  readonly width: number;
  readonly firstMs: number;
  readonly scriptKb: number;
  readonly styleKb: number;
  readonly longTasks: readonly number[];
  readonly shift: number;
  readonly moved: readonly string[];
  readonly axe: readonly string[];
}

const browser = await launch(executable);
try {
  if (values.bars) await printBars();
  else await printViews();
} finally {
  await browser.close();
}

async function printBars(): Promise<void> {
  const bars = await measureBars(browser, {
    seconds: Number(values.seconds),
    heapMinutes: Number(values.heap),
  });
  const rows = bars.map(({ what, limit, measured, met }) => [what, limit, measured, met ? 'yes' : 'no']);
  console.log(textTable([['bar', 'limit', 'measured', 'met'], ...rows], { align: 'l' }));
}

async function printViews(): Promise<void> {
  const server = await startPageServer({ port: 8796, streams: Number(values.streams) });
  try {
    const rows: Row[] = [];
    for (const view of VIEWS.filter(({ name }) => chosen(values.only, name)))
      for (const { width, height } of WIDTHS.filter(({ width }) => chosen(values.widths, String(width))))
        rows.push(
          ...(await measure(server.url, view, width, height).then(
            (row) => [row],
            (error: Error) => {
              console.error(`${view.name}, ${width} px: ${error.message.split('\n')[0]}`);
              return [];
            },
          )),
        );
    console.log(
      textTable(
        [
          ['view', 'px', 'first ms', 'JS KB gz', 'CSS KB gz', 'tasks > 50 ms', 'CLS', 'axe'],
          ...rows.map(({ view, width, firstMs, scriptKb, styleKb, longTasks, shift, moved, axe }) => [
            view,
            String(width),
            firstMs.toFixed(0),
            scriptKb.toFixed(1),
            styleKb.toFixed(1),
            longTasks.length === 0 ? '0' : `${longTasks.length} (${Math.max(...longTasks)} ms)`,
            [shift.toFixed(3), ...new Set(moved)].join(' '),
            axe.length === 0 ? '0' : axe.join(', '),
          ]),
        ],
        { align: 'l' },
      ),
    );
  } finally {
    await server.close();
  }
}

async function measure(url: string, view: PageView, width: number, height: number): Promise<Row> {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'en-GB' });
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
  await page.goto(`${url}${view.hash}`);
  await page.locator(view.ready).first().waitFor({ timeout: 60_000 });
  const firstMs = performance.now() - began;
  await Promise.all(bodies);
  await view.prepare?.(page);
  await page.waitForTimeout(Number(values.seconds) * 1000);
  const seen = await page.evaluate<Seen>('seen');
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
    moved: seen.moved,
  };
}

/** Ids of the rules that a theme violates, with the number of elements. */
async function audit(page: Page, theme: string): Promise<string[]> {
  await page.evaluate(`document.documentElement.setAttribute('data-theme', '${theme}')`);
  await page.waitForTimeout(300);
  return (await violations(page)).map((violation) => `${theme}: ${violation}`);
}

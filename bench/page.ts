/*
 * How fast, calm and accessible is each view? Time to the first value, JavaScript and styles that are loaded (gzip),
 * tasks over 50 ms, cumulative layout shift, and the violations that axe-core finds in each theme at each width.
 *
 *   npm run build && npm run bench page -- [--streams 3] [--seconds 5] [--only live,setup] [--themes light,dark]
 *                                          [--widths 390,1440]
 *   npm run build && npm run bench page -- --bars [--seconds 10] [--heap 60]
 *
 * The first form shows each view with real audio: UNDERTONE_DATA names a folder with `clips/*.ogg`; without it the demo
 * plays. It prints a Markdown table with a row per view, the worst of all widths, and every fault with its width. --bars
 * measures the page alone, with synthetic frames of 1, 16 and 64 streams, and --heap its memory over so many minutes.
 * CHROME_PATH names the browser. Times are of this machine, whose processors the server and the browser share.
 */
import { parseArgs } from 'node:util';
import { textTable } from '../src/util/text-table.ts';
import { findBrowser, launch } from '../test/dashboard/browser.ts';
import { measureBars } from './page/bars.ts';
import { measureView, type ViewRow } from './page/measure-view.ts';
import { startPageServer } from './page/server.ts';
import { EMPTY_VIEWS, type PageView, THEMES, VIEWS, WIDTHS } from './page/views.ts';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    themes: { type: 'string', default: '' },
    widths: { type: 'string', default: '' },
    bars: { type: 'boolean', default: false },
    heap: { type: 'string', default: '0' },
  },
});
/** A shift below this is the rounding of a layout, not a movement that anyone sees. */
const STILL = 0.0005;
const seconds = Number(values.seconds);
const chosen = (list: string, name: string) => list === '' || list.split(',').includes(name);
const executable = findBrowser();
if (executable === undefined) throw new Error('No Chromium or Chrome: set CHROME_PATH.');

const browser = await launch(executable);
try {
  if (values.bars) await printBars();
  else
    printViews([...(await measureAll(Number(values.streams), VIEWS)), ...(await measureAll(0, EMPTY_VIEWS))]);
} finally {
  await browser.close();
}

async function printBars(): Promise<void> {
  const bars = await measureBars(browser, { seconds, heapMinutes: Number(values.heap) });
  const rows = bars.map(({ what, limit, measured, met }) => [what, limit, measured, met ? 'yes' : 'no']);
  console.log(textTable([['bar', 'limit', 'measured', 'met'], ...rows], { align: 'l' }));
}

/** Measures the chosen views at the chosen widths. A view that fails is reported, and the others follow. */
async function measureAll(streams: number, all: readonly PageView[]): Promise<ViewRow[]> {
  const views = all.filter(({ name }) => chosen(values.only, name));
  if (views.length === 0) return [];
  const server = await startPageServer({ streams });
  const themes = THEMES.filter((theme) => chosen(values.themes, theme));
  const rows: ViewRow[] = [];
  try {
    for (const view of views)
      for (const size of WIDTHS.filter(({ width }) => chosen(values.widths, String(width)))) {
        const where = `${view.name}, ${size.width} px`;
        try {
          const row = await measureView(browser, view, { url: server.url, ...size, seconds, themes });
          rows.push(row);
          for (const fault of row.axe) console.error(`${where}: ${fault}`);
          if (row.overflow > 0) console.error(`${where}: ${row.overflow} px wider than the window`);
          if (row.shift >= STILL)
            console.error(`${where}: moved by ${row.shift.toFixed(3)}: ${[...new Set(row.moved)].join(' ')}`);
        } catch (error) {
          console.error(`${where}: ${(error as Error).message.split('\n')[0]}`);
        }
      }
  } finally {
    await server.close();
  }
  return rows;
}

/** A row per view: the worst of its widths. */
function printViews(rows: readonly ViewRow[]): void {
  const line = (cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
  line(['view', 'widths', 'first value', 'JS, gzip', 'CSS, gzip', 'tasks over 50 ms', 'CLS', 'axe']);
  line(Array(8).fill('---'));
  for (const view of new Set(rows.map((row) => row.view))) {
    const at = rows.filter((row) => row.view === view);
    const worst = (of: (row: ViewRow) => number) => Math.max(...at.map(of));
    const tasks = at.flatMap(({ longTasks }) => longTasks);
    line([
      view,
      at.length,
      `${worst(({ firstMs }) => firstMs / 1000).toFixed(2)} s`,
      `${worst(({ scriptKb }) => scriptKb).toFixed(0)} KB`,
      `${worst(({ styleKb }) => styleKb).toFixed(0)} KB`,
      tasks.length === 0 ? '0' : `${tasks.length}, longest ${Math.max(...tasks)} ms`,
      worst(({ shift }) => shift).toFixed(3),
      at.reduce((sum, { axe }) => sum + axe.length, 0),
    ]);
  }
}

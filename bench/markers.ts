/*
 * Does a session with thousands of markers stay smooth? Tasks over 50 ms and the time between frames, on the live page
 * while a session records and in its replay while it plays, without markers and with many.
 *
 *   npm run build && npm run bench markers -- [--markers 3000] [--seconds 8]
 *
 * The same server, audio and browser as `npm run bench page`; times are of this machine, whose processors the server
 * and the browser share.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { createClient } from '../src/client/index.ts';
import { textTable } from '../src/util/text-table.ts';
import { findBrowser, launch } from '../test/dashboard/browser.ts';
import { quantiles } from './load/quantiles.ts';
import { OBSERVE, type Seen } from './page/observe.ts';
import { startPageServer } from './page/server.ts';

const { values } = parseArgs({
  options: { markers: { type: 'string', default: '3000' }, seconds: { type: 'string', default: '8' } },
});
const MOST = Number(values.markers);
const SECONDS = Number(values.seconds);
/** Markers are sent this many at a time. */
const AT_ONCE = 4;
/** Seconds that a session has lasted before it is shown. */
const LENGTH = 20;
const executable = findBrowser();
if (executable === undefined) throw new Error('No Chromium or Chrome: set CHROME_PATH.');
const browser = await launch(executable);
const server = await startPageServer({ streams: 1 });
const client = createClient({ url: server.url });
try {
  await sleep(1000 * LENGTH);
  const rows: string[][] = [];
  for (const markers of [0, MOST]) rows.push(...(await measure(browser, markers)));
  const head = ['view', 'markers', 'opened s', 'long tasks', 'longest ms', 'frame p50 ms', 'p95', 'max'];
  console.log(textTable([head, ...rows]));
} finally {
  await browser.close();
  await server.close();
}

async function measure(browser: Browser, markers: number): Promise<string[][]> {
  const stream = server.streams[0]!;
  const startedAt = Date.now() / 1000 - LENGTH;
  const { id } = await client.sessions.start({ stream, startedAt });
  for (let i = 0; i < markers; i += AT_ONCE)
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, markers - i) }, (_, j) =>
        client.sessions.addMarker(id, {
          time: startedAt + (LENGTH * (i + j)) / markers,
          note: `Note ${i + j}`,
        }),
      ),
    );
  const live = await look(browser, `#stream=${stream}`, async (page) => {
    await page.locator('.session-marker').click();
    await page.locator('.session-note').waitFor();
  });
  await client.sessions.stop(id);
  const replay = await look(browser, `#session=${id}`, async (page) => {
    await page
      .locator('.markers-seek b')
      .filter({ hasText: new RegExp(`^${markers + 1}$`) })
      .waitFor();
    await page.locator('.scrubber-play').click();
  });
  return [
    ['live', String(markers), ...live],
    ['replay', String(markers), ...replay],
  ];
}

/** Opens a view, brings it into motion, and measures its frames. */
async function look(browser: Browser, hash: string, start: (page: Page) => Promise<void>): Promise<string[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(120_000);
  await page.addInitScript(OBSERVE);
  const began = performance.now();
  await page.goto(`${server.url}${hash}`);
  await start(page);
  const openedMs = performance.now() - began;
  await page.evaluate('window.seen.frames = []');
  await sleep(1000 * SECONDS);
  const { tasks, frames } = await page.evaluate<Seen>('window.seen');
  await page.close();
  const at = quantiles(frames.slice(1).map((time, i) => time - frames[i]!));
  return [
    (openedMs / 1000).toFixed(1),
    String(tasks.length),
    String(Math.max(0, ...tasks)),
    ...[0.5, 0.95, 1].map((share) => at(share).toFixed(0)),
  ];
}

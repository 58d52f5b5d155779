import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { FakeServer } from '../../test/dashboard/fake-server.ts';
import { OBSERVE, type Seen } from './observe.ts';

/** One bar of the dashboard: what it asks for, and what was measured. */
export interface Bar {
  readonly what: string;
  readonly limit: string;
  readonly measured: string;
  readonly met: boolean;
}

export interface BarsOptions {
  /** How long each view is watched. */
  readonly seconds: number;
  /** How long the heap is watched. 0: not at all. */
  readonly heapMinutes: number;
}

/** As seen from bench/, where the bundle lies. */
const DASHBOARD = fileURLToPath(new URL('../dist/dashboard', import.meta.url));
const STEP_MS = 500;
/** Loads per time to the first value; the median counts. */
const LOADS = 5;
const READY = { live: '.readout dd[data-unknown=false]', wall: '.wall-tile-word[data-inactive=false]' };
const WATCHED = [
  { name: 'live', hash: '#stream=room-1', ready: READY.live },
  { name: 'wall', hash: '#wall', ready: READY.wall },
  { name: 'booth', hash: '#booth', ready: '.deck-word[data-inactive=false]' },
] as const;
/** The heap is compared from here on: before, the page fills its rings of 15 minutes. */
const HEAP_FROM = 1 / 3;
/** Growth of the heap per hour that counts as flat, in MB. */
const FLAT_MB = 2;
const FRAME_MS = 1000 / 60;

/**
 * Measures the page alone, without inference: frames of many synthetic streams arrive every half second, as from a
 * machine that can analyze them all.
 */
export async function measureBars(
  browser: Browser,
  { seconds, heapMinutes }: BarsOptions,
): Promise<readonly Bar[]> {
  const bars: Bar[] = [];
  const below = (what: string, value: number, limit: number, unit: string) =>
    bars.push({
      ...{ what, limit: `< ${limit} ${unit}`, measured: `${value.toFixed(0)} ${unit}`, met: value < limit },
    });
  await serve(1, async (server) => {
    below('first value, 1 stream', await firstValue(browser, server, WATCHED[0]), 1000, 'ms');
  });
  await serve(64, async (server) => {
    for (const view of WATCHED.slice(0, 2))
      below(`first value, 64 streams, ${view.name}`, await firstValue(browser, server, view), 2000, 'ms');
    bars.push(...(await smoothness(browser, server, WATCHED[1], 64, seconds)));
  });
  await serve(16, async (server) => {
    for (const view of WATCHED) bars.push(...(await smoothness(browser, server, view, 16, seconds)));
    for (const width of [390, 1440])
      for (const view of WATCHED) bars.push(await shiftOfAlert(browser, server, view, width));
    if (heapMinutes > 0) bars.push(await heap(browser, server, heapMinutes));
  });
  return bars;
}

type Watched = (typeof WATCHED)[number];

/** Runs `work` beside a server whose streams emit a frame every half second. */
async function serve(streams: number, work: (server: FakeServer) => Promise<void>): Promise<void> {
  const names = Array.from({ length: streams }, (_, i) => `room-${i + 1}`);
  const server = new FakeServer(names, Date.now(), DASHBOARD);
  server.step(120);
  await server.start();
  const timer = setInterval(() => server.step(), STEP_MS);
  try {
    await work(server);
  } finally {
    clearInterval(timer);
    await server.stop();
  }
}

async function open(
  browser: Browser,
  server: FakeServer,
  { hash, ready }: Watched,
  width = 1440,
): Promise<{ readonly page: Page; readonly context: BrowserContext; readonly ms: number }> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  await page.addInitScript(OBSERVE);
  const began = performance.now();
  await page.goto(`${server.url}${hash}`);
  await page.locator(ready).first().waitFor({ timeout: 60_000 });
  return { page, context, ms: performance.now() - began };
}

async function firstValue(browser: Browser, server: FakeServer, view: Watched): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < LOADS; i++) {
    const { context, ms } = await open(browser, server, view);
    times.push(ms);
    await context.close();
  }
  return times.sort((a, b) => a - b)[Math.floor(LOADS / 2)]!;
}

/** Tasks over 50 ms and the times between screen frames, once the view is shown. */
async function smoothness(
  browser: Browser,
  server: FakeServer,
  view: Watched,
  streams: number,
  seconds: number,
): Promise<Bar[]> {
  const { page, context } = await open(browser, server, view);
  await page.waitForTimeout(2_000);
  await page.evaluate('seen.tasks.length = seen.frames.length = 0');
  await page.waitForTimeout(seconds * 1000);
  const { tasks, frames } = await page.evaluate<Seen>('seen');
  await context.close();
  const intervals = frames
    .slice(1)
    .map((at, i) => at - frames[i]!)
    .sort((a, b) => a - b);
  const p95 = intervals[Math.floor(0.95 * intervals.length)] ?? Number.POSITIVE_INFINITY;
  const at = `${view.name}, ${streams} streams`;
  return [
    {
      what: `tasks > 50 ms, ${at}`,
      limit: `0 in ${seconds} s`,
      measured: tasks.length === 0 ? '0' : `${tasks.length}, longest ${Math.max(...tasks)} ms`,
      met: tasks.length === 0,
    },
    {
      what: `time between frames, ${at}`,
      limit: 'p95 < 25 ms',
      measured: `p95 ${p95.toFixed(1)} ms`,
      met: p95 < 1.5 * FRAME_MS,
    },
  ];
}

/** Layout shift from the arrival of an alert. */
async function shiftOfAlert(
  browser: Browser,
  server: FakeServer,
  view: Watched,
  width: number,
): Promise<Bar> {
  const { page, context } = await open(browser, server, view, width);
  await page.waitForTimeout(1_000);
  await page.evaluate('seen.shift = seen.moved.length = 0');
  server.event({
    ...{ type: 'alert-raised', stream: 'room-1', alert: 'quiet', t: 1, time: server.time },
    message: 'The loudness has been below −30 LUFS for 20 s.',
  });
  await page.locator('.alerts-button').waitFor();
  await page.waitForTimeout(1_000);
  const { shift, moved } = await page.evaluate<Seen>('seen');
  await context.close();
  server.streams[0]!.alerts.length = 0;
  return {
    what: `CLS of an alert, ${view.name}, ${width} px`,
    limit: '0',
    measured: [shift.toFixed(4), ...new Set(moved)].join(' '),
    met: shift === 0,
  };
}

/** Growth of the heap, after a garbage collection each minute: the slope of the least-squares line. */
async function heap(browser: Browser, server: FakeServer, minutes: number): Promise<Bar> {
  const { page, context } = await open(browser, server, WATCHED[0]);
  const session = await context.newCDPSession(page);
  const samples: { readonly minute: number; readonly mb: number }[] = [];
  for (let minute = 0; minute <= minutes; minute++) {
    if (minute > 0) await page.waitForTimeout(60_000);
    samples.push({ minute, mb: await usedMb(session) });
  }
  await context.close();
  const late = samples.filter(({ minute }) => minute >= HEAP_FROM * minutes);
  const mean = (of: (sample: (typeof samples)[number]) => number) =>
    late.reduce((sum, sample) => sum + of(sample), 0) / late.length;
  const [x, y] = [mean(({ minute }) => minute), mean(({ mb }) => mb)];
  const slope =
    mean(({ minute, mb }) => (minute - x) * (mb - y)) / (mean(({ minute }) => (minute - x) ** 2) || 1);
  const perHour = 60 * slope;
  const [first, last] = [samples[0]!.mb, samples.at(-1)!.mb];
  return {
    what: `heap, live, 16 streams, ${minutes} min`,
    limit: `< +${FLAT_MB} MB an hour`,
    measured: `${first.toFixed(1)} to ${last.toFixed(1)} MB, ${perHour.toFixed(1)} MB an hour`,
    met: perHour < FLAT_MB,
  };
}

async function usedMb(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

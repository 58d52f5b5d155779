import { Readable } from 'node:stream';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { EmotionBucket } from '../../src/types.ts';
import { violations } from './axe.ts';
import { describeInBrowser, fitsWindow, OBSERVE_SHIFTS, shiftsOf, WAIT } from './describe-in-browser.ts';
import { fakeFrame } from './fake-frame.ts';
import { FakeServer } from './fake-server.ts';

const SECONDS = 40;
const STEP_MS = 600_000;
const HOUR_MS = 3_600_000;

/** WAV, 8 kHz, mono, 16 bits: a quiet tone. */
function tone(seconds: number): Buffer {
  const rate = 8_000;
  const file = Buffer.alloc(44 + seconds * rate * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(2 * rate, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(file.length - 44, 40);
  for (let i = 0; i < seconds * rate; i++) file.writeInt16LE(Math.round(500 * Math.sin(i / 3)), 44 + 2 * i);
  return file;
}

const frames = Array.from({ length: SECONDS * 2 }, (_, seq) => fakeFrame('analyze', seq, 0));

function buckets(count: number): EmotionBucket[] {
  const now = Math.floor(Date.now() / STEP_MS) * STEP_MS;
  return Array.from({ length: count }, (_, i) => {
    const value = Math.sin(i / 20) * 0.5;
    const bounds = { valenceMin: value - 0.2, valenceMax: value + 0.2, arousalMin: -0.4, arousalMax: 0.4 };
    return {
      ...bounds,
      time: new Date(now - (count - i) * STEP_MS).toISOString(),
      frames: 1200,
      valence: value,
      arousal: 0.1,
      valenceSd: 0.1,
      arousalSd: 0.1,
      loudness: -14,
      confidence: 0.7,
      music: 0.9,
      speech: 0.1,
      silence: 0,
      moods: { calm: 0.6, happy: 0.3 },
    };
  });
}

/** Texts of a station's figures and time axes that lie over each other. */
const OVERLAPS = `[...document.querySelectorAll('.lane-ticks, .station-summary')].flatMap((box) => {
  const texts = [...box.querySelectorAll('.lane-ticks > span, dd, dd > span > span')]
    .map((one) => { const range = document.createRange(); range.selectNodeContents(one); return { one, rect: range.getBoundingClientRect() }; })
    .filter(({ rect }) => rect.width > 0);
  return texts.flatMap(({ one, rect }, i) =>
    texts.slice(i + 1).filter((other) => !one.contains(other.one) && rect.right > other.rect.left + 1 && rect.left < other.rect.right - 1 &&
      rect.bottom > other.rect.top + 1 && rect.top < other.rect.bottom - 1).map((other) => one.textContent + ' | ' + other.one.textContent));
})`;

describeInBrowser('files and stations in a browser', { init: OBSERVE_SHIFTS }, (browser) => {
  let server: FakeServer;
  let page: Page;

  beforeEach(async () => {
    server = new FakeServer(['radio', 'booth']);
    server.step(5);
    server.answers.set(
      'POST /v1/analyze',
      () => `${frames.map((frame) => JSON.stringify(frame)).join('\n')}\n`,
    );
    server.answers.set('GET /v1/demo.wav', () => tone(SECONDS));
    server.answers.set('GET /v1/streams/radio/emotions', { stream: 'radio', frames: buckets(143) });
    const alert = { type: 'alert-raised', stream: 'radio', alert: 'quiet', t: 1 };
    const time = '2026-11-20T05:10:00Z';
    server.answers.set('GET /v1/streams/radio/events', {
      stream: 'radio',
      events: [
        { ...alert, time, message: 'Silence lasted 30 s.' },
        { ...alert, type: 'alert-cleared', time: '2026-11-20T05:12:05Z', message: 'Over.' },
      ],
    });
    const track = { title: 'A song', artist: 'Somebody', startedAt: '2026-11-20T10:00:00Z', endedAt: null };
    server.answers.set('GET /v1/streams/radio/tracks', {
      tracks: [{ ...track, seconds: 200, valence: null, arousal: null }],
    });
    await server.start();
  });
  afterEach(async () => {
    await server.stop();
  });

  async function open(hash: string, options: BrowserContextOptions = {}): Promise<void> {
    page = await browser.open(`${server.url}${hash}`, options);
    await page.locator('#content').waitFor();
  }

  const position = async () => Number(await page.locator('.scrubber-range').inputValue());

  it('analyzes a file and plays it in step with its curve', async () => {
    await open('#try');
    const file = { name: 'song.wav', mimeType: 'audio/wav', buffer: tone(SECONDS) };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('heading', { name: 'song.wav' }).waitFor();
    // The buttons of the chart are at its right end, as in every view.
    const [table, chart] = await Promise.all(
      ['.timeline-table-toggle', '.timeline'].map((one) => page.locator(one).boundingBox()),
    );
    expect(chart!.x + chart!.width - table!.x - table!.width).toBeLessThan(30);
    // A browser may not play without a press.
    if ((await page.getByRole('button', { name: 'Play', exact: true }).count()) > 0)
      await page.getByRole('button', { name: 'Play', exact: true }).click();
    await vi.waitFor(async () => expect(await position()).toBeGreaterThan(0.5), WAIT);
    expect(server.requests.find(({ route }) => route === 'POST /v1/analyze')?.query).toBe('?format=ndjson');

    await page.getByRole('button', { name: 'Pause' }).click();
    const strip = (await page.locator('.scrubber-strip').boundingBox())!;
    await page.mouse.click(strip.x + strip.width / 10, strip.y + strip.height / 2);
    expect(Math.abs((await position()) - SECONDS / 10)).toBeLessThan(0.1);
    await page.locator('summary', { hasText: 'Show as a table' }).click();
    await page.getByRole('button', { name: 'Play from 0:20' }).click();
    expect(await position()).toBeCloseTo(20, 1);
    await page.locator('.try-page > h2').click();
    await page.keyboard.press('ArrowRight');
    await vi.waitFor(async () => expect(await position()).toBeGreaterThan(20), WAIT);
    expect(await violations(page)).toEqual([]);
  });

  it('shows how far the analysis of a long file is, and its curve so far', async () => {
    const lines = frames.slice(0, 30).map((frame) => `${JSON.stringify(frame)}\n`);
    const sent = new Readable({ read() {} });
    server.answers.set('POST /v1/analyze', () => sent);
    await open('#try');
    const file = { name: 'song.wav', mimeType: 'audio/wav', buffer: tone(SECONDS) };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('Analyzing song.wav: 0:00 of 0:40').waitFor();
    const sofar = page.getByRole('button', { name: 'Stop and show this part' });
    expect(await sofar.isDisabled()).toBe(true);
    // All of it is shown, though it arrives at once and nothing follows.
    sent.push(lines.join(''));
    await page.getByText('Analyzing song.wav: 0:15 of 0:40').waitFor();
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe('15');
    // Its curve grows over the length of the file.
    const line = (await page.locator('.try-so-far [data-axis=valence]').getAttribute('d'))!;
    const end = Number(/([\d.]+) [\d.]+$/.exec(line)![1]);
    expect(end).toBeGreaterThan(140);
    expect(end).toBeLessThan(180); // The whole file is 400.
    expect(await violations(page)).toEqual([]);
    await sofar.click();
    await page.getByRole('heading', { name: 'song.wav' }).waitFor();
    await page.getByText('Only the first 0:15 were analyzed.').waitFor();
    expect(Number(await page.locator('.scrubber-range').getAttribute('max'))).toBe(15);
  });

  it('takes files that are dropped anywhere, and shows the one that is chosen', async () => {
    await open('#stream=booth');
    const drop = (files: string) => `(() => {
      const dataTransfer = new DataTransfer();
      for (const file of [${files}]) dataTransfer.items.add(file);
      const fire = (type) => document.querySelector('main p').dispatchEvent(
        new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
      return [fire('dragover'), fire('drop')];
    })()`;
    // The browser opens what the page does not take.
    expect(
      await page.evaluate(drop("new File(['x'], 'a.mp3'), new File(['y'], 'b.mp3'), new File([], 'c.mp3')")),
    ).toEqual([false, false]);
    await page.getByRole('heading', { name: 'a.mp3' }).waitFor();
    const analyses = () => server.requests.filter(({ route }) => route === 'POST /v1/analyze').length;
    await page.getByLabel('Files').selectOption('b.mp3');
    await page.getByRole('heading', { name: 'b.mp3' }).waitFor();
    await page.getByLabel('Files').selectOption('a.mp3');
    await page.getByRole('heading', { name: 'a.mp3' }).waitFor();
    expect(analyses()).toBe(2); // What was analyzed is kept.
    await page.getByLabel('Files').selectOption('c.mp3');
    await page.locator('[role=alert]', { hasText: 'c.mp3 is empty.' }).waitFor();
    expect(analyses()).toBe(2);
    expect(await violations(page)).toEqual([]);
  });

  it('plays the demo from the empty page’s link', async () => {
    await open('#try=demo', { viewport: { width: 390, height: 844 } });
    await page.getByRole('heading', { name: 'demo.wav' }).waitFor();
    await fitsWindow(page);
  });

  it('moves nothing when the analysis of the demo begins', async () => {
    await open('#try', { viewport: { width: 390, height: 844 } });
    let fetchDemo = () => {};
    await page.route('**/v1/demo*', async (route) => {
      await new Promise<void>((resolve) => {
        fetchDemo = resolve;
      });
      await route.continue();
    });
    await page.route('**/v1/analyze*', () => {}); // Never answered.
    await page.evaluate("location.hash = '#try=demo'");
    await page.locator('.try-progress progress').waitFor();
    const before = await shiftsOf(page);
    fetchDemo();
    await page.locator('.try-progress', { hasText: 'Analyzing demo.wav' }).waitFor();
    expect(await shiftsOf(page)).toBe(before);
  });

  it('sends the sound of a tab, and stops it', async () => {
    await open('#try', { permissions: ['microphone'] });
    // Headless browsers have no tab to choose: the beeping microphone in its place.
    await page.evaluate(
      'navigator.mediaDevices.getDisplayMedia = () => navigator.mediaDevices.getUserMedia({ audio: true })',
    );
    await page.getByRole('button', { name: 'Share a tab’s sound' }).click();
    await vi.waitFor(() => expect(server.ingests[0]?.bytes).toBeGreaterThan(20_000), WAIT);
    const { stream } = server.ingests[0]!;
    expect(stream).toMatch(/^tab-[a-z0-9]{4}$/);
    await page.getByText(`Sending as ${stream}.`).waitFor();
    // No microphone is open.
    expect(await page.getByRole('button', { name: 'Stop microphone' }).count()).toBe(0);
    await page.locator('main').getByRole('button', { name: 'Stop sending' }).click();
    await page.getByRole('button', { name: 'Share a tab’s sound' }).waitFor();
    expect(await page.locator('.microphone-badge').count()).toBe(0);
  });

  it('shows a file that is no audio as such', async () => {
    server.answers.set('POST /v1/analyze', 503);
    await open('#try');
    await page.locator('input[type=file]').setInputFiles({
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('noise'),
    });
    await page.locator('[role=alert]', { hasText: 'The server answered 503' }).waitFor();
    const others = browser.faults.filter((fault) => !fault.includes('503'));
    browser.faults.splice(0, browser.faults.length, ...others);
  });

  it.each([320, 390, 1440])('charts a station’s day, and its usual week, at %i px', async (width) => {
    await open('#stations=radio', { viewport: { width, height: 900 } });
    await page.locator('.heat').waitFor();
    await page.getByText('Somebody – A song').waitFor();
    await page.locator('.alerts-table', { hasText: 'quiet' }).getByText('Silence lasted 30 s.').waitFor();
    expect(await page.locator('.alerts-table tbody').innerText()).toContain('2:05');
    expect(await page.locator('.station-main .lane-line').first().getAttribute('d')).toContain('L');
    expect(await page.locator('.station-summary').innerText()).toContain('Calm 67%');
    await page.locator('.station-main summary').click();
    expect(await page.locator('.station-main tbody tr').count()).toBe(143);
    expect(await violations(page)).toEqual([]);
    await fitsWindow(page);
    // The profile reaches as far as its values, which have no range.
    expect(await page.locator('.stations-below .lane-top').first().innerText()).toBe('+0.6');
    await page.getByText('No data from the week before.').waitFor();
    const cut = `[...document.querySelectorAll('.lane-ticks span')].filter((one) =>
      one.getBoundingClientRect().right > one.parentElement.getBoundingClientRect().right + 1).length`;
    expect(await page.evaluate(cut)).toBe(0);
    await page.getByText('Year', { exact: true }).click();
    await vi.waitFor(
      () => expect(server.requests.some(({ query }) => query.includes('resolution=1d'))).toBe(true),
      WAIT,
    );
  });

  it('keeps the period in the address, for a bookmark and for the way back', async () => {
    page = await browser.open('about:blank');
    // A week ends with the present hour: it must not end meanwhile.
    await page.clock.setFixedTime(Math.floor(Date.now() / HOUR_MS) * HOUR_MS + HOUR_MS / 2);
    await page.goto(`${server.url}#stations=radio`);
    await page.getByText('Week', { exact: true }).click();
    await page.getByRole('button', { name: 'Earlier' }).click();
    await vi.waitFor(
      () => expect(page.url()).toMatch(/#stations=radio&period=week&until=20\S+T\d\d:00Z$/),
      WAIT,
    );
    const range = () => page.locator('.stations-range').innerText();
    await page.getByRole('button', { name: 'Later', disabled: false }).waitFor();
    const week = await range();
    await page.reload();
    await page.locator('.heat').waitFor();
    expect(await range()).toBe(week);
    expect(await page.getByRole('radio', { name: 'Week' }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Later' }).click();
    await vi.waitFor(() => expect(page.url()).toMatch(/#stations=radio&period=week$/), WAIT);
    await page.goBack();
    await vi.waitFor(async () => expect(await range()).toBe(week), WAIT);
    await page.evaluate("location.hash = '#stations=radio&period=century&until=never'");
    await page.getByRole('radio', { name: '24 hours', checked: true }).waitFor({ state: 'attached' });
  });

  it('gives the title that plays its mean so far, as of the log', async () => {
    const mean = { ...buckets(1)[0]!, valence: 0.31, arousal: -0.12 };
    server.answers.set('GET /v1/streams/radio/emotions', { stream: 'radio', frames: [mean] });
    await open('#stations=radio');
    const row = page.locator('.tracks-table tbody tr');
    await row.waitFor();
    expect((await row.locator('td').allInnerTexts()).slice(3)).toEqual(['+0.31', '−0.12']);
    expect(server.requests.some(({ query }) => query.includes('from=2026-11-20T10'))).toBe(true);
  });

  it.each(['fr', 'es', 'de'])('fits a small phone in every language: %s', async (locale) => {
    await open('#stations=radio', { viewport: { width: 320, height: 568 }, locale });
    await page.locator('.tracks-table').waitFor();
    await fitsWindow(page);
    // What scrolls by itself does not have to.
    const scrolls = `[...document.querySelectorAll('.station-scroll')].filter((one) => one.scrollWidth > one.clientWidth).length`;
    expect(await page.evaluate(scrolls)).toBe(0);
    await page.setViewportSize({ width: 390, height: 844 });
    for (const period of [0, 1]) {
      await page.locator('.stations-controls label').nth(period).click();
      await page.locator('.station-main[aria-busy=false]').waitFor();
      expect(await page.evaluate(OVERLAPS)).toEqual([]);
    }
    await page.evaluate("location.hash = '#try'");
    await page.locator('.try-way .button').first().waitFor();
    const cut = `[...document.querySelectorAll('.try-way :is(.button, select)')].filter((one) =>
      one.getBoundingClientRect().right > one.closest('.try-way').getBoundingClientRect().right - 12).length`;
    expect(await page.evaluate(cut)).toBe(0);
  });

  it.each(['.turns-table', '.tracks-table', '.alerts-table'])(
    'opens the chart at the moment of a row: %s',
    async (table) => {
      await open('#stations=radio');
      await page.locator(`${table} a`).first().waitFor();
      // From here on the log has steps, as the chart needs them.
      server.answers.delete('GET /v1/streams/radio/emotions');
      await page.locator(`${table} a`).first().click();
      await page.getByRole('button', { name: 'Back to live' }).waitFor();
      // The address keeps the moment, for a bookmark and for the way back.
      await vi.waitFor(() => expect(page.url()).toMatch(/#stream=radio&at=\d{4}-.*&span=\d+$/), WAIT);
      await page.reload();
      await page.getByRole('button', { name: 'Back to live' }).click();
      await vi.waitFor(() => expect(page.url()).toMatch(/#stream=radio$/), WAIT);
      await page.evaluate("location.hash = '#stream=radio&at=never&span=-1'");
      await vi.waitFor(
        async () => expect(await page.getByRole('button', { name: 'Back to live' }).count()).toBe(0),
        WAIT,
      );
    },
  );

  it('moves on with the clock while it is open', async () => {
    page = await browser.open('about:blank');
    await page.clock.install();
    await page.goto(`${server.url}#stations=radio`);
    await page.locator('.heat').waitFor();
    const queries = () =>
      server.requests.filter(({ query }) => query.includes('resolution=10m')).map(({ query }) => query);
    const before = new Set(queries());
    await page.clock.fastForward(11 * 60_000);
    await vi.waitFor(() => expect(queries().some((query) => !before.has(query))).toBe(true), WAIT);
  });

  it('asks the log by the clock of the server, whatever this computer’s is', async () => {
    const other = new FakeServer(['radio'], Date.now() - 40 * 86_400_000);
    other.hasClock = true;
    other.answers.set('GET /v1/streams/radio/events', { stream: 'radio', events: [] });
    other.step(5);
    await other.start();
    onTestFinished(() => other.stop()); // After the page is closed, so that it does not miss its server.
    page = await browser.open(`${other.url}#stations=radio`);
    const asked = (resolution: string) =>
      other.emotionQueries
        .map((query) => new URLSearchParams(query))
        .filter((query) => query.get('resolution') === resolution)
        .map((query) => Date.parse(query.get('from')!));
    const isBefore = (from: number) => from < Date.parse(other.time);
    await vi.waitFor(() => expect(['10m', '1h'].every((one) => asked(one).some(isBefore))).toBe(true), WAIT);
    await page.locator('.connection[data-state=open]').waitFor();
    // A moment that is over there: this computer's clock does not make it one that is to come.
    await page.clock.setFixedTime(Date.parse(other.time) - 7_200_000);
    const at = new Date(Date.parse(other.time) - 1_800_000).toISOString();
    await page.goto(`${other.url}?again#stream=radio&at=${at}&span=60`);
    await page.locator('.connection[data-state=open]').waitFor();
    await page.getByRole('button', { name: 'Back to live' }).waitFor();
  });

  it('makes a page of one day for paper', async () => {
    await open('#report=radio&day=2026-11-20', { locale: 'de' });
    await page.getByRole('heading', { name: 'radio, 20. November 2026' }).waitFor();
    await page.locator('.report-page .lane').first().waitFor();
    const from = new URLSearchParams(
      server.requests.find(({ query }) => query.includes('resolution=10m'))!.query,
    ).get('from');
    const midnight = await page.evaluate<string>('new Date("2026-11-20T00:00").toISOString()');
    expect(from).toBe(midnight);
    expect(await violations(page)).toEqual([]);
    expect(await page.locator('.station-summary').innerText()).toContain('eine Woche davor');
    await page.evaluate("localStorage.setItem('undertone.theme', 'booth')");
    await page.reload();
    await page.locator('.station-scroll').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: /Drucken/ }).isVisible()).toBe(false);
    // Light, with all rows.
    await page.locator('html[data-theme=light]').waitFor();
    expect(await page.evaluate('getComputedStyle(document.querySelector(".station-scroll")).maxHeight')).toBe(
      'none',
    );
  });
});

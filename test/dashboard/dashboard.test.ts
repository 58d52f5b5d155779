import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { violations } from './axe.ts';
import { describeInBrowser, fitsWindow, settled, WAIT } from './describe-in-browser.ts';
import { SILENT } from './fake-frame.ts';
import { FakeServer } from './fake-server.ts';

/** Chromium logs these itself while the server is down; no page can prevent it. */
const SERVER_GONE =
  /WebSocket connection to .* failed:|Failed to load resource: net::ERR_(CONNECTION|EMPTY)_/;
/** Counts the pixels of the chart in the color of the valence line. */
const COUNT_BLUE = `(() => {
  const canvas = document.querySelector('.timeline canvas');
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  let blue = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 2] > data[i] + 80 && data[i + 3] > 200) blue++;
  return blue;
})()`;

describeInBrowser('dashboard in a browser', { ignore: SERVER_GONE }, (browser) => {
  let server: FakeServer;
  let page: Page;

  beforeEach(async () => {
    server = new FakeServer(['booth', 'room-2', 'radio']);
    server.step(40);
    await server.start();
  });
  afterEach(async () => {
    await server.stop();
  });

  async function open(hash = '#stream=booth', options: BrowserContextOptions = {}): Promise<void> {
    page = await browser.open(`${server.url}${hash}`, { permissions: ['microphone'], ...options });
    await page.locator('.connection[data-state=open]').waitFor();
    await vi.waitFor(() => expect(server.clients).toBe(1), WAIT);
  }

  const valence = () => page.locator('.readout[data-axis=valence] dd').innerText();
  const newest = (name: string) => server.streams.find((stream) => stream.name === name)!.log.at(-1)!.frame;
  const shown = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
  const showsNewest = (name: string) =>
    vi.waitFor(async () => expect(await valence()).toContain(shown(newest(name).valence!)), WAIT);
  const picture = (selector: string) => page.locator(selector).screenshot();
  const inPage = <T>(expression: string) => page.evaluate<T>(expression);

  it('updates with every frame: numbers, mood, plane and chart', async () => {
    await open();
    server.step();
    await showsNewest('booth');
    const [plane, chart] = [await picture('.plane'), await picture('.timeline-plot')];
    server.step();
    await showsNewest('booth');
    await vi.waitFor(async () => {
      expect(plane.equals(await picture('.plane'))).toBe(false);
      expect(chart.equals(await picture('.timeline-plot'))).toBe(false);
    }, WAIT);
    const word = await page.locator('.mood-word').innerText();
    expect(word.toLowerCase()).toBe(newest('booth').mood);
    expect(await page.locator('.meter-value').innerText()).toContain('LUFS');
  });

  it('draws nothing again for the messages of other streams', async () => {
    await open();
    // From then on, nothing changes with the time. Without any message, the page would connect again.
    await vi.waitFor(async () => {
      server.step(1, ['radio']);
      expect(await page.locator('.connection').innerText()).toContain('No new data');
    }, WAIT);
    await page.waitForLoadState('networkidle');
    await settled(page);
    await inPage(`(() => {
      globalThis.drawn = 0;
      const { fillText } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (...args) {
        globalThis.drawn++;
        return fillText.apply(this, args);
      };
    })()`);
    for (let i = 0; i < 5; i++) {
      server.step(1, ['radio']);
      await settled(page);
    }
    // The list of streams shows the newest word of each: they have arrived.
    await page.locator('.picker-button').click();
    await page.locator('.picker-option', { hasText: 'radio' }).getByText(newest('radio').mood!).waitFor();
    expect(await inPage('drawn')).toBe(0);
    server.step();
    await vi.waitFor(async () => expect(await inPage<number>('drawn')).toBeGreaterThan(0), WAIT);
  });

  it('fills the chart from the log on opening', async () => {
    await open();
    // No step since the page was opened: everything drawn comes from the log.
    await vi.waitFor(async () => expect(await inPage<number>(COUNT_BLUE)).toBeGreaterThan(50), WAIT);
  });

  it('survives a restart of the server and requests the frames it missed', async () => {
    await open();
    server.step();
    await showsNewest('booth');
    await server.stop();
    await page.locator('.connection[data-state=waiting]').waitFor();
    server.step(3); // Logged without a client; the restart then begins new runs.
    server.newRuns();
    server.step(2);
    await server.start();
    await page.locator('.connection[data-state=open]').waitFor();
    expect(server.liveQueries.at(-1)).toContain(`since=${encodeURIComponent('booth:40:1')}`);
    server.step();
    await showsNewest('booth');
  });

  it('shows silence without inventing values', async () => {
    await open();
    server.fields = SILENT;
    await vi.waitFor(async () => {
      server.step(); // Again: without new frames for some seconds, the word is "No new data".
      expect(await page.locator('.mood-word').innerText()).toBe('Silence');
    }, WAIT);
    expect(await valence()).toBe('–');
  });

  it('lists events of the chosen stream only', async () => {
    await open();
    const at = { t: 1, time: server.time };
    server.event({ type: 'source-lost', stream: 'booth', ...at, message: 'The sound card is gone.' });
    server.event({ type: 'source-lost', stream: 'radio', ...at, message: 'The radio is gone.' });
    await page.locator('.events').getByText('The sound card is gone.').waitFor();
    expect(await page.getByText('The radio is gone.').count()).toBe(0);
    expect(await page.locator('.mood-word').innerText()).toBe('No sound');
  });

  it('chooses a stream by keyboard alone', async () => {
    await open();
    await page.locator('.picker-button').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Find a stream' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await vi.waitFor(() => expect(page.url()).toContain('stream=radio'), WAIT);
    await page.keyboard.press('ArrowDown');
    await page.getByRole('combobox', { name: 'Find a stream' }).waitFor();
    await page.keyboard.type('room');
    await page.keyboard.press('Enter');
    await vi.waitFor(() => expect(page.url()).toContain('stream=room-2'), WAIT);
    server.step();
    await showsNewest('room-2');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await vi.waitFor(async () => expect(await page.getByRole('listbox').count()).toBe(0), WAIT);
    expect(await inPage('document.activeElement.className')).toContain('picker-button');
  });

  it('sends the microphone: hello first, then audio', async () => {
    await open();
    await page.getByRole('button', { name: 'Send microphone' }).click();
    await vi.waitFor(() => expect(server.ingests[0]?.bytes).toBeGreaterThan(20_000), WAIT);
    const { hello, stream } = server.ingests[0]!;
    const sampleRate = await inPage<number>('new AudioContext().sampleRate');
    expect(hello).toEqual({ type: 'hello', format: 's16le', sampleRate, channels: 1 });
    expect(stream).toMatch(/^mic-[a-z0-9]{4}$/);
    // The fake device beeps once a second.
    await vi.waitFor(() => expect(server.ingests[0]!.peak).toBeGreaterThan(100), WAIT);
    await page.getByText(`Sending as ${stream}.`).waitFor();
    await vi.waitFor(() => expect(page.url()).toContain(`stream=${stream}`), WAIT);

    await server.stop();
    await page.getByText(`Connection lost. ${stream} resumes when the server is back.`).waitFor();
    await server.start();
    await vi.waitFor(() => expect(server.ingests[1]?.bytes).toBeGreaterThan(0), WAIT);
    await page.getByRole('button', { name: 'Stop microphone' }).click();
    await page.getByRole('button', { name: 'Send microphone' }).waitFor();
  });

  it('shows on every page where the microphone goes, above the fold, and stops it there', async () => {
    await open('', { viewport: { width: 320, height: 568 } });
    await page.getByRole('button', { name: 'Send microphone' }).click();
    await vi.waitFor(() => expect(server.ingests[0]?.bytes).toBeGreaterThan(0), WAIT);
    const { stream } = server.ingests[0]!;
    const badge = page.locator('.microphone-badge[data-state=sending]');
    await badge.waitFor();
    expect(await badge.getByRole('link').getAttribute('href')).toBe(`#stream=${stream}`);
    await inPage('location.hash = "#wall"');
    await page.locator('.wall-tile').first().waitFor();
    const { x, y, width, height } = (await badge.boundingBox())!;
    expect([x >= 0, x + width <= 320, y + height <= 568]).toEqual([true, true, true]);
    expect(await violations(page)).toEqual([]);
    await badge.getByRole('button', { name: 'Stop sending' }).click();
    await badge.waitFor({ state: 'detached' });
  });

  it('moves nothing in the header while the microphone sends', async () => {
    // The longest menu.
    await open('#wall', { viewport: { width: 1400, height: 900 }, locale: 'de' });
    const places = () =>
      inPage(`[...document.querySelectorAll('.header :is(.nav a, .nav-language, .connection, .theme-toggle)')]
        .map((one) => JSON.stringify(one.getBoundingClientRect()))`);
    await page.locator('.connection[data-state=open]').waitFor();
    const before = await places();
    await inPage('location.hash = "#try"');
    await page.locator('.try-buttons .button').last().waitFor();
    await page.locator('.try-way').nth(1).locator('.try-buttons .button').first().click();
    await page.locator('.microphone-badge[data-state=sending]').waitFor();
    await inPage('location.hash = "#wall"');
    await page.locator('.wall-tile').first().waitFor();
    expect(await places()).toEqual(before);
    const text = page.locator('.microphone-badge-text');
    expect(await text.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  });

  it('shows why the server refuses the microphone', async () => {
    server.refuseIngest = { code: 'stream-busy', message: 'This name is taken: choose another.' };
    await open();
    await page.getByRole('button', { name: 'Send microphone' }).click();
    await page.getByText('This name is taken: choose another.').waitFor();
  });

  it('announces the mood to screen readers', async () => {
    await open();
    server.step();
    await vi.waitFor(async () => {
      const label = await page.locator('.plane canvas').getAttribute('aria-label');
      expect(label).toContain(`perceived as ${newest('booth').mood}`);
    }, WAIT);
    expect(await page.getByRole('meter').getAttribute('aria-valuetext')).toMatch(/LUFS/);
  });

  it('follows the system’s theme and the toggle, and remembers it', async () => {
    await open('', { colorScheme: 'dark' });
    const ground = () => inPage<string>('getComputedStyle(document.documentElement).backgroundColor');
    const dark = await ground();
    const toggle = page.locator('.theme-toggle');
    await toggle.click();
    const light = await ground();
    expect(light).not.toBe(dark);
    await page.reload();
    expect(await ground()).toBe(light);
    await toggle.click();
    expect(await ground()).toBe(dark);
  });

  it.each([
    [1440, 900],
    [390, 844],
  ])('fits a screen of %i × %i in both themes', async (width, height) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await open('#stream=booth', { viewport: { width, height }, colorScheme });
      server.step();
      await showsNewest('booth');
      await fitsWindow(page);
      if (colorScheme === 'light') await page.context().close();
      if (colorScheme === 'light') await vi.waitFor(() => expect(server.clients).toBe(0), WAIT);
    }
  });
});

import { expect, it, onTestFinished, vi } from 'vitest';
import type { StartTracker } from '../../src/server/streams/hub-options.ts';
import type { MelListener } from '../../src/stream/mel-columns.ts';
import { fakeTracker, manualSource, startServer } from '../server/support.ts';
import { violations } from './axe.ts';
import { describeInBrowser, OBSERVE_SHIFTS, WAIT } from './describe-in-browser.ts';

/** Mean lightness of the spectrogram just before "now", 0 … 255. */
const BRIGHTNESS = `(() => {
  const canvas = document.querySelector('.spectrogram-canvas');
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(width * 0.9, 0, width * 0.05, height);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum += data[i] + data[i + 1] + data[i + 2];
  return sum / data.length;
})()`;

describeInBrowser('the spectrogram in a browser', { ignore: /./, init: OBSERVE_SHIFTS }, (browser) => {
  it('shows on demand what the server sends then, with a text and a table', async () => {
    let listener: MelListener;
    const startTracker: StartTracker = (source, stream) => ({
      ...fakeTracker(source, stream),
      tapMel: (given) => {
        listener = given;
      },
    });
    const booth = manualSource();
    const server = await startServer({ startTracker, sources: [{ name: 'booth', source: booth.source }] });
    await booth.steps(20);
    const page = await browser.open(`${server.url}#stream=booth`);
    onTestFinished(() => page.close());
    page.setDefaultTimeout(60_000); // The machine may be busy.
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const open = page.getByRole('button', { name: 'Show spectrogram' });
    await open.waitFor();
    expect(await open.getAttribute('aria-expanded')).toBe('false');
    expect(listener).toBeUndefined();

    await open.click();
    await page.locator('.spectrogram-canvas').waitFor();
    expect(requests.some((url) => /spectrogram-.*\.js$/.test(url))).toBe(true);
    await vi.waitFor(() => expect(listener).toBeDefined(), WAIT);
    const before = await page.evaluate<number>(BRIGHTNESS);
    for (let i = 0; i < 8; i++) {
      listener?.(new Uint8Array(480).fill(255));
      await booth.steps(1);
    }
    await vi.waitFor(async () => {
      const painted = await page.evaluate<number>(BRIGHTNESS);
      expect(Math.abs(painted - before)).toBeGreaterThan(5);
    }, WAIT);
    const text = page.locator('.spectrogram-text');
    await vi.waitFor(async () => expect(await text.innerText()).toContain('low 100%'), WAIT);
    expect(await page.locator('.spectrogram-canvas').getAttribute('aria-label')).toBe(await text.innerText());
    await page.locator('.spectrogram-table summary').click();
    expect(await page.locator('.spectrogram-table tbody tr').count()).toBeGreaterThan(0);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate<number>('shifts')).toBeLessThan(0.01);

    await page.getByRole('button', { name: 'Hide spectrogram' }).click();
    await vi.waitFor(() => expect(listener).toBeUndefined(), WAIT);
  });
});

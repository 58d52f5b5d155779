import { mkdirSync, writeFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import type { ServerOptions } from '../../src/server/server-options.ts';
import { ChunkQueue } from '../../src/stream/chunk-queue.ts';
import type { Source } from '../../src/types.ts';
import { analysisOf } from '../library/library-tracks.ts';
import { startServer, tempFolder } from '../server/support.ts';
import { violations } from './axe.ts';
import { describeInBrowser, OBSERVE_SHIFTS, WAIT } from './describe-in-browser.ts';

const MIXER = {
  index: 3,
  name: 'Mixer',
  hostApi: 'ALSA',
  channels: 4,
  defaultRateHz: 8_000,
  isDefault: false,
};
const MICROPHONE = { ...MIXER, index: 0, name: 'Microphone', channels: 1, isDefault: true };

/** Half of full scale on channel 3, silence on the others. */
const openInput = (): Source => ({
  uri: 'soundcard:',
  async *open(signal) {
    for (; !signal.aborted; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const samples = Float32Array.from({ length: 4 * 400 }, (_, i) => (i % 4 === 2 ? 0.5 : 0));
      yield { type: 'audio', sampleRateHz: 8_000, channels: 4, samples, arrivedAtMs: performance.now() };
    }
  },
});

/** Draws no screen frame until `draw()`. */
const HOLD_FRAMES = `{
  const held = [];
  const request = requestAnimationFrame;
  globalThis.requestAnimationFrame = (callback) => held.push(callback);
  globalThis.draw = () => {
    globalThis.requestAnimationFrame = request;
    for (const callback of held) request(callback);
  };
}`;

describeInBrowser(
  'inputs and the library on the set-up page',
  { ignore: /./, init: OBSERVE_SHIFTS },
  (browser) => {
    async function open(options: Partial<ServerOptions>, folders: readonly string[] = []): Promise<Page> {
      const remote = { schemes: ['soundcard:'], folders: [...folders], privateNetworks: new BlockList() };
      const { url } = await startServer({
        plan: { streams: [], alerts: [], keep: undefined, remote },
        ...options,
      });
      const page = await browser.open(`${url}#setup`);
      page.setDefaultTimeout(60_000); // The machine may be busy.
      return page;
    }

    it('shows the level of each channel of an input, and uses the pair that is chosen', async () => {
      let added = '';
      const page = await open({
        listDevices: async () => [MICROPHONE, MIXER],
        openInput,
        open: async ({ source }) => {
          added = source;
          throw new Error('The test needs no stream.');
        },
      });
      await page
        .getByRole('radio', { name: /sound input|soundcard/i })
        .first()
        .check({ force: true });
      await page.getByLabel('Sound input', { exact: true }).selectOption({ label: 'Mixer (4 channels)' });
      await page.getByLabel('Channels', { exact: true }).selectOption({ label: 'Channels 3 and 4' });
      await page.getByRole('button', { name: 'Show levels' }).click();
      const meters = page.locator('.input-meter');
      await vi.waitFor(async () => expect(await meters.count()).toBe(4), WAIT);
      const used = await meters.evaluateAll((all) => all.map((one) => one.getAttribute('data-used')));
      expect(used).toEqual(['false', 'false', 'true', 'true']);
      expect(await page.getByRole('meter', { name: 'Channel 3' }).getAttribute('aria-valuetext')).toBe(
        '−6.0 dB',
      );
      expect(await page.getByRole('meter', { name: 'Channel 1' }).getAttribute('aria-valuetext')).toBe(
        'no signal',
      );
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Hide levels' }).click();
      await vi.waitFor(async () => expect(await meters.count()).toBe(0), WAIT);
      await page.getByRole('button', { name: 'Add stream' }).click();
      await vi.waitFor(() => expect(added).toBe('soundcard:Mixer?channels=2&first=3'), WAIT);
    });

    it('draws the newest levels once per screen frame, however far behind the page is', async () => {
      const chunks = new ChunkQueue({ signal: new AbortController().signal });
      const give = (value: number) =>
        chunks.push({
          type: 'audio',
          sampleRateHz: 8_000,
          channels: 1,
          samples: new Float32Array(800).fill(value),
          arrivedAtMs: 0,
        });
      const page = await open({
        listDevices: async () => [MICROPHONE],
        openInput: () => ({ uri: 'soundcard:', open: () => chunks }),
      });
      let received = 0;
      page.on('websocket', (socket) => {
        if (socket.url().includes('/levels')) socket.on('framereceived', () => received++);
      });
      await page
        .getByRole('radio', { name: /sound input|soundcard/i })
        .first()
        .check({ force: true });
      await page.getByRole('button', { name: 'Show levels' }).click();
      await page.evaluate(HOLD_FRAMES);
      give(0.5);
      await vi.waitFor(() => expect(received).toBe(1), WAIT);
      for (const value of [...Array(20).fill(0.1), 1, 0.01]) {
        give(value);
        await page.evaluate('0'); // What the server sends for it would have arrived.
      }
      expect(received).toBe(1);
      await page.evaluate('draw()');
      const meter = page.getByRole('meter', { name: 'Channel 1' });
      await vi.waitFor(async () => expect(await meter.getAttribute('aria-valuetext')).toBe('0.0 dB'), WAIT);
      expect(received).toBe(2);
    });

    it('adds a folder of the library, shows its progress and count, and removes it', async () => {
      const music = join(tempFolder(), 'music');
      mkdirSync(music);
      for (const name of ['one.ogg', 'two.ogg']) writeFileSync(join(music, name), name);
      const page = await open(
        {
          listDevices: async () => [],
          libraryAnalyzer: () => ({
            analyze: async () => analysisOf({ valence: 0.1, arousal: 0.2 }),
            close: async () => {},
          }),
        },
        [music],
      );
      const field = page.getByLabel('Folder on the server’s computer');
      await field.fill('/etc');
      await page.getByRole('button', { name: 'Add folder' }).click();
      await page.getByText('This folder cannot be added').waitFor();
      await field.fill(music);
      await page.getByRole('button', { name: 'Add folder' }).click();
      await page.getByText('Up to date: 2 new files.').waitFor();
      await page.getByText('2 tracks').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: `Remove ${music}` }).click();
      await page.waitForTimeout(1_000); // A double press removes nothing.
      await page.getByRole('button', { name: `Remove now? ${music}` }).click();
      await page.getByText('The library has no folders yet.').waitFor();
    });
  },
);

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import type { Browser } from 'playwright-core';
import { Observable } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { ProfileStore } from '../../src/profiles/profile-store.ts';
import { StreamProfiles } from '../../src/server/profiles/stream-profiles.ts';
import { createServer } from '../../src/server/server.ts';
import type { RunningServer } from '../../src/server/server-options.ts';
import type { EmotionFrame, StreamMessage } from '../../src/types.ts';
import { findBrowser, sharedBrowser } from './browser.ts';
import { fakeFrame } from './fake-frame.ts';

const executable = findBrowser();
const dashboardFolder = fileURLToPath(new URL('../../dist/dashboard', import.meta.url));
const missing =
  executable === undefined
    ? 'no Chromium or Chrome (set CHROME_PATH)'
    : existsSync(join(dashboardFolder, 'index.html'))
      ? ''
      : 'npm run build';
if (missing !== '') console.warn(`Browser tests of ratings are skipped: ${missing} is missing.`);

const WAIT = { timeout: 20_000, interval: 50 };

describe.skipIf(missing !== '')('ratings in a browser', () => {
  let browser: Browser;
  let server: RunningServer;
  let dataDir: string;
  let emit: (frame: EmotionFrame) => void;

  beforeAll(async () => {
    browser = await sharedBrowser(executable!);
    dataDir = mkdtempSync(join(tmpdir(), 'undertone-test-'));
    const profiles = new StreamProfiles(new ProfileStore(dataDir), pino({ level: 'silent' }));
    server = await createServer({
      startTracker: (_source, stream) => {
        profiles.calibrateFor(stream, 'fake');
        return {
          messages$: new Observable<StreamMessage>((subscriber) => {
            emit = (frame) => subscriber.next(frame);
          }),
        };
      },
      profiles,
      analyzer: async function* () {},
      ...{ model: 'fake', engine: 'none', dataDir, port: 0, dashboardFolder },
      sources: [{ name: 'booth', source: { uri: 'demo:', open: () => new ReadableStream() as never } }],
    });
  });
  afterAll(async () => {
    await server?.close();
    if (dataDir) rmSync(dataDir, { recursive: true, force: true });
  });

  it('saves ratings by keys alone, fits a profile and uses it', async () => {
    const client = createClient({ url: server.url });
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
    });
    await page.goto(`${server.url}#stream=booth`);
    await page.locator('.connection[data-state=open]').waitFor();
    await page.getByRole('button', { name: 'Rate', exact: true }).press('Enter');
    await page.getByLabel('Profile', { exact: true }).fill('anna');
    for (let seq = 0; seq < 6; seq++) {
      const reading = -0.5 + 0.2 * seq;
      emit({ ...fakeFrame('booth', seq, Date.now()), activity: 'music', valence: reading, arousal: 0.1 });
      await page.getByLabel(/^Valence, from/).press(seq === 0 ? 'End' : 'ArrowLeft');
      await page.getByRole('button', { name: 'Save rating' }).press('Enter');
      await page.getByText(seq === 0 ? /^1 rating saved/ : new RegExp(`^${seq + 1} ratings saved`)).waitFor();
    }
    const { ratings } = await client.profiles.get('anna');
    expect(ratings.map(({ valence }) => valence)).toEqual([1, 0.95, 0.9, 0.85, 0.8, 0.75]);
    expect(ratings[3]!.reading).toEqual({ valence: expect.closeTo(0.1, 9), arousal: 0.1 });
    await page.getByRole('button', { name: 'Remove newest' }).click();
    await page.getByText(/^5 ratings saved/).waitFor();

    await page.getByRole('button', { name: 'Fit profile' }).click();
    await page.getByText(/^Valence: the error on other pieces falls from/).waitFor();
    await page.getByRole('button', { name: 'Use for this stream' }).click();
    await page.getByRole('button', { name: 'Stop using it' }).waitFor();
    expect((await client.streams.get('booth')).profile).toBe('anna');
    await page.keyboard.press('Escape');
    await vi.waitFor(async () => expect(await page.locator('.rate').isVisible()).toBe(false), WAIT);
    expect(faults).toEqual([]);
    await context.close();
  }, 60_000);
});

import { pino } from 'pino';
import { Observable } from 'rxjs';
import { expect, it, vi } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { ProfileStore } from '../../src/profiles/profile-store.ts';
import { StreamProfiles } from '../../src/server/profiles/stream-profiles.ts';
import type { EmotionFrame, StreamMessage } from '../../src/types.ts';
import { manualSource, startServer, tempFolder } from '../server/support.ts';
import { describeInBrowser, WAIT } from './describe-in-browser.ts';
import { fakeFrame } from './fake-frame.ts';

/** A server with the stream `booth`, whose frames the test makes. */
async function serve() {
  const dataDir = tempFolder();
  const profiles = new StreamProfiles(new ProfileStore(dataDir), pino({ level: 'silent' }));
  let emit: (frame: EmotionFrame) => void = () => {};
  const { url } = await startServer({
    startTracker: (_source, stream) => {
      profiles.calibrateFor(stream, 'fake');
      return {
        messages$: new Observable<StreamMessage>((subscriber) => {
          emit = (frame) => subscriber.next(frame);
        }),
      };
    },
    ...{ dataDir, profiles },
    sources: [{ name: 'booth', source: manualSource('demo:').source }],
  });
  return { url, client: createClient({ url }), emit: (frame: EmotionFrame) => emit(frame) };
}

describeInBrowser('ratings in a browser', {}, (browser) => {
  it('saves ratings by keys alone, fits a profile and uses it', async () => {
    const { url, client, emit } = await serve();
    const page = await browser.open(`${url}#stream=booth`);
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
  });
});

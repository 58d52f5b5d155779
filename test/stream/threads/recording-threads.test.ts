import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadFft } from '../../../src/stream/fft.ts';
import { openRecording } from '../../../src/stream/sources/index.ts';
import { recordingInThreads } from '../../../src/stream/threads/recording-threads.ts';
import { track } from '../../../src/tracker.ts';
import type { Source, StreamMessage } from '../../../src/types.ts';
import { builtModule } from '../../../src/util/package.ts';
import { lenaFile } from '../../support/audio.ts';
import { fakeModel, fakeStepper } from '../../support/fake-model.ts';
import { messagesOf } from '../../support/frames.ts';

/** The threads run the built program. */
const isBuilt = existsSync(builtModule('src/stream/threads/decode-worker.ts'));
if (!isBuilt) console.warn('Skipped the tests of recordings in threads: run npm run build first.');

describe.skipIf(!isBuilt)('a recording in threads', () => {
  let folder: string;
  const fft = loadFft();
  const run = async (source: Source): Promise<unknown[]> =>
    (await messagesOf(track(source, { stream: 'a', stepper: fakeStepper(), fft: await fft }))).map(
      ofTheAudio,
    );
  const inThreads = (input: string) => run(recordingInThreads({ input, options: {} }));
  const inThisThread = (input: string) => run(openRecording(input).source);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'undertone-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('has the messages that it has in one thread', async () => {
    const messages = await inThreads(lenaFile('mp3'));
    expect(messages.length).toBeGreaterThan(10);
    expect(messages).toEqual(await inThisThread(lenaFile('mp3')));
  });

  test('ends with the error of the recording, after its frames', async () => {
    const bytes = await readFile(lenaFile('flac'));
    const cut = join(folder, 'cut.flac');
    await writeFile(cut, bytes.subarray(0, bytes.length / 2));
    const messages = await inThreads(cut);
    expect(messages.at(-1)).toMatchObject({ type: 'stream-stopped', code: 'truncated-audio' });
    expect(messages.length).toBeGreaterThan(5);
    expect(messages).toEqual(await inThisThread(cut));
    expect((await inThreads(join(folder, 'none.wav'))).at(-1)).toMatchObject({ code: 'no-file' });
  });

  test('is analyzed in the thread of a stream that has begun before', async () => {
    const stepper = fakeStepper(fakeModel());
    const source = recordingInThreads({ input: lenaFile('mp3'), options: {} });
    const first = track(source, { stream: 'a', stepper, fft: await fft, firstStep: 100 });
    const messages = await messagesOf(first);
    expect(messages.find(({ type }) => type === 'emotion')).toMatchObject({ seq: 100 });
  });
});

/** Without the fields that depend on the run. */
function ofTheAudio(message: StreamMessage): unknown {
  const { time: _, ...rest } = message;
  if (rest.type === 'track-ended') return { ...rest, summary: { ...rest.summary, startedAt: '' } };
  return { ...rest, latencyMs: 0 };
}

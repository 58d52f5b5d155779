import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, lastValueFrom, skipWhile, take, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from '../../../src/model/engine.ts';
import { loadModel } from '../../../src/model/load.ts';
import { createStepper } from '../../../src/model/stepper.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { createRandom } from '../../../src/stream/sources/demo/random.ts';
import { openSource } from '../../../src/stream/sources/index.ts';
import { type Recorder, spawnRecorder } from '../../../src/stream/sources/soundcard/spawn-recorder.ts';
import { soundcardSource } from '../../../src/stream/sources/soundcard.ts';
import { track } from '../../../src/tracker.ts';
import type { EmotionFrame, Source, SourceItem } from '../../../src/types.ts';
import { concat } from '../../support/audio.ts';
import { collect } from '../../support/collect.ts';
import { expectSameFrames, framesOf } from '../../support/frames.ts';
import { missingPulseAudio, type PulseAudio, startPulseAudio } from '../../support/pulseaudio.ts';
import { chunkedSource } from '../../support/sources.ts';
import { encodeWav } from '../../support/wav.ts';

const RATE = 44_100;
const SECONDS = 12;
const PIECE_SECONDS = 8;

function reasonToSkip(): string | undefined {
  if (process.platform !== 'linux') return 'it needs Linux';
  const load = 'require(process.argv[1])';
  const native = (() => {
    try {
      return createRequire(import.meta.url).resolve('naudiodon/build/Release/naudiodon.node');
    } catch {
      return undefined;
    }
  })();
  if (!native || spawnSync(process.execPath, ['-e', load, native]).status !== 0)
    return 'naudiodon is not built';
  return missingPulseAudio();
}

const skipReason = reasonToSkip();
if (skipReason) console.warn(`Skipped: the sound card tests, because ${skipReason}.`);

describe.skipIf(skipReason)('soundcard: through PulseAudio', () => {
  let pulse: PulseAudio;
  let folder: string;
  const recorders: Recorder[] = [];

  beforeAll(async () => {
    pulse = await startPulseAudio(RATE);
    folder = await mkdtemp(join(tmpdir(), 'undertone-soundcard-'));
  });
  afterAll(async () => {
    await pulse?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const spawn = (args: readonly string[]) => {
    const recorder = spawnRecorder(args, pulse.env);
    recorders.push(recorder);
    return recorder;
  };

  it(`records ${SECONDS} s without a lost sample`, { timeout: 90_000 }, async () => {
    const random = createRandom(30);
    // Noise, different in both channels and never silent: no two positions are alike. One second more than is
    // recorded, because a null sink drops the first milliseconds of playback.
    const played = Int16Array.from(
      { length: 2 * RATE * (SECONDS + 1) },
      () => Math.round(16_000 * (random() - 0.5)) | 1,
    );
    const file = join(folder, 'noise.wav');
    const layout = { sampleRateHz: RATE, channels: 2, encoding: 's16' } as const;
    await writeFile(
      file,
      encodeWav(
        Float32Array.from(played, (value) => value / 32768),
        layout,
      ),
    );

    const source = soundcardSource('soundcard:', '', { sampleRateHz: RATE, channels: 2, spawn });
    const abort = new AbortController();
    const recorded = new Int16Array(2 * RATE * SECONDS);
    let filled = 0;
    let lost = 0;
    let others = 0;
    let playing: Promise<void> | undefined;
    for await (const item of source.open(abort.signal)) {
      playing ??= pulse.play(file);
      if (item.type !== 'audio') {
        others++;
        continue;
      }
      lost += item.lostSamples ?? 0;
      let from = 0;
      if (filled === 0) {
        while (from < item.samples.length && item.samples[from] === 0) from++;
        // Both sides begin in the same frame.
        from -= from % 2;
      }
      for (let i = from; i < item.samples.length && filled < recorded.length; i++) {
        recorded[filled++] = Math.round(item.samples[i]! * 32768);
      }
      if (filled === recorded.length) break;
    }
    abort.abort();
    await playing;
    expect({ lost, others }).toEqual({ lost: 0, others: 0 });
    const begin = indexOf(played, recorded.subarray(0, 32));
    expect(begin).toBeGreaterThanOrEqual(0);
    expect(begin).toBeLessThan(2 * RATE);
    const differing = recorded.filter((value, i) => value !== played[begin + i]).length;
    expect(differing).toBe(0);
  });

  it('has the frames that track has for the same recording', { timeout: 90_000 }, async () => {
    const layout = { sampleRateHz: RATE, channels: 2 } as const;
    const played = await demoPiece(PIECE_SECONDS + 1);
    const file = join(folder, 'piece.wav');
    await writeFile(file, encodeWav(played, { ...layout, encoding: 's16' }));

    const stepper = createStepper(await loadModel('undertone', await loadEngine('wasm')));
    const options = { stream: 'card', stepper, fft: await loadFft() };
    const card = soundcardSource('soundcard:', '', { ...layout, spawn });
    const recorded: Float32Array[] = [];
    let playing: Promise<void> | undefined;
    const listened: Source = {
      uri: card.uri,
      async *open(signal) {
        for await (const item of card.open(signal)) {
          playing ??= pulse.play(file);
          if (item.type === 'audio') recorded.push(item.samples);
          yield item;
        }
      },
    };
    const live = await lastValueFrom(
      track(listened, options).messages$.pipe(
        filter((message): message is EmotionFrame => message.type === 'emotion'),
        skipWhile(({ activity }) => activity === 'silence'),
        take(2 * PIECE_SECONDS),
        toArray(),
      ),
    );
    await playing;

    const samples = concat(recorded);
    const again = await framesOf(track(chunkedSource(samples, layout), options));
    expectSameFrames(live, again.slice(live[0]!.seq, live.at(-1)!.seq + 1));

    // Steps of the recording begin up to half a step away from those of the file.
    const silentSteps = Math.round(samples.findIndex((value) => value !== 0) / 2 / (RATE / 2));
    const offline = await framesOf(track(chunkedSource(played, layout), options));
    const differences = live.map(({ seq, arousal }) =>
      Math.abs(arousal! - offline[seq - silentSteps]!.arousal!),
    );
    expect(differences.reduce((sum, value) => sum + value) / differences.length).toBeLessThan(0.05);
  });

  it('recovers from a recorder that crashes and a sound system that stops', { timeout: 60_000 }, async () => {
    const source = soundcardSource('soundcard:', '', { stallMs: 1500, retryMs: 100, maxRetryMs: 500, spawn });
    const abort = new AbortController();
    const items = source.open(abort.signal)[Symbol.asyncIterator]();
    const next = async (type: SourceItem['type']): Promise<SourceItem> => {
      for (;;) {
        const { value } = await items.next();
        if (value?.type === type) return value;
      }
    };

    await next('audio');
    recorders.at(-1)!.process.kill('SIGSEGV');
    await next('source-lost');
    await next('source-restored');
    await next('audio');

    await pulse.kill();
    await next('source-lost');
    await pulse.restart();
    await next('source-restored');
    await next('audio');

    abort.abort();
    expect((await items.next()).done).toBe(true);
    expect(recorders.at(-1)!.process.killed).toBe(true);
  });
});

/** The beginning of the program's own piece, stereo. */
async function demoPiece(seconds: number): Promise<Float32Array> {
  const demo = openSource('demo:', { paced: false });
  return (await collect(demo.open(new AbortController().signal), seconds)).samples;
}

function indexOf(samples: Int16Array, part: Int16Array): number {
  return samples.findIndex((_, at) => part.every((value, i) => value === samples[at + i]));
}

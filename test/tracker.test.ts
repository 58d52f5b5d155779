import { firstValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { ActivityDetector } from '../src/model/activity/activity-detector.ts';
import { loadFft } from '../src/stream/fft.ts';
import { track } from '../src/tracker.ts';
import type { AudioChunk, SourceItem } from '../src/types.ts';
import { UserError } from '../src/user-error.ts';
import { readLena, sine } from './support/audio.ts';
import { fakeModel, fakeStepper } from './support/fake-model.ts';
import { framesOf, messagesOf } from './support/frames.ts';
import { chunkedSource, sourceOf } from './support/sources.ts';

const fft = await loadFft();
const voice = readLena();
const MONO = { sampleRateHz: 44_100, channels: 1 };
const options = () => ({ stream: 'booth', stepper: fakeStepper(), fft });

const audio = (samples: Float32Array, more: Partial<AudioChunk> = {}): AudioChunk => ({
  type: 'audio',
  samples,
  arrivedAtMs: performance.now(),
  ...MONO,
  ...more,
});

describe('a tracker', () => {
  it('emits one frame for each 500 ms of audio, with every field of the contract', async () => {
    const frames = await framesOf(track(chunkedSource(voice, MONO), options()));
    expect(frames.length).toBe(Math.floor(voice.length / 22_050));
    for (const [k, frame] of frames.entries()) {
      expect(frame).toMatchObject({ type: 'emotion', stream: 'booth', seq: k, t: 0.5 * (k + 1) });
      expect(frame.forecast.map(({ horizon }) => horizon)).toEqual([0.5, 1, 2, 5, 10]);
      expect(Date.parse(frame.time)).not.toBeNaN();
      expect(frame.latencyMs).toBeGreaterThanOrEqual(0);
    }
  });

  it('begins with stream-started and ends with stream-stopped', async () => {
    const messages = await messagesOf(track(chunkedSource(voice, MONO), options()));
    expect(messages[0]).toMatchObject({ type: 'stream-started', t: 0 });
    expect(messages.at(-1)).toMatchObject({
      type: 'stream-stopped',
      t: expect.closeTo(voice.length / 44_100, 5),
    });
  });

  it('runs one inference per step, however many subscribers', async () => {
    const model = fakeModel();
    const tracker = track(chunkedSource(voice, MONO), { ...options(), stepper: fakeStepper(model) });
    const watchers = await Promise.all([framesOf(tracker), framesOf(tracker), framesOf(tracker)]);
    expect(watchers[2]).toBe(watchers[2]);
    expect(watchers[1]![3]).toBe(watchers[0]![3]);
    expect(model.steps).toBe(watchers[0]!.length);
  });

  it('closes its source when the last subscriber leaves', async () => {
    let open = false;
    const tracker = track(
      {
        uri: 'test:',
        async *open() {
          open = true;
          try {
            while (true) yield audio(voice.subarray(0, 22_050));
          } finally {
            open = false;
          }
        },
      },
      options(),
    );
    await firstValueFrom(tracker.messages$.pipe(take(4), toArray()));
    await expect.poll(() => open, { timeout: 60_000 }).toBe(false);
  });

  it('has no valence and arousal in silence', async () => {
    const samples = new Float32Array(44_100 * 4);
    samples.set(voice.subarray(0, 66_150));
    const frames = await framesOf(track(chunkedSource(samples, MONO), options()));
    expect(frames[1]).toMatchObject({ activity: 'music', mood: expect.any(String) });
    expect(frames.slice(4).map((frame) => frame.activity)).toEqual([
      'silence',
      'silence',
      'silence',
      'silence',
    ]);
    expect(frames[7]).toMatchObject({
      valence: null,
      arousal: null,
      valenceSd: null,
      arousalSd: null,
      forecast: [],
      mood: null,
      loudness: null,
    });
  });

  it('has no valence and arousal in speech, and a new mood after it', async () => {
    const tracker = track(chunkedSource(voice, MONO), { ...options(), detector: speechAt(2, 3) });
    const frames = await framesOf(tracker);
    expect(frames.slice(0, 5).map(({ activity }) => activity)).toEqual([
      'music',
      'music',
      'speech',
      'speech',
      'music',
    ]);
    expect(frames[3]).toMatchObject({
      valence: null,
      arousal: null,
      valenceSd: null,
      arousalSd: null,
      forecast: [],
      mood: null,
      confidence: 0,
      loudness: expect.any(Number),
    });
    expect(frames[4]).toMatchObject({ valence: expect.any(Number), mood: expect.any(String) });
    const { mood } = await tracker.save();
    expect(mood.word).toBe(frames.at(-1)!.mood);
  });

  it('saves and resets the state of the detector with its own', async () => {
    const first = track(chunkedSource(voice.subarray(0, 66_150), MONO), {
      ...options(),
      detector: speechAt(4),
    });
    await framesOf(first);
    const state = structuredClone(await first.save());
    const second = track(chunkedSource(voice.subarray(66_150), MONO), {
      ...options(),
      detector: speechAt(4),
      state,
    });
    expect((await framesOf(second)).slice(0, 3).map(({ activity }) => activity)).toEqual([
      'music',
      'speech',
      'music',
    ]);
    second.reset();
    expect((await second.save()).activity.evidence).toBe(0);
  });

  it('counts lost audio as time and reports it', async () => {
    const messages = await messagesOf(
      track(
        sourceOf([
          audio(voice.subarray(0, 44_100)),
          audio(voice.subarray(66_150, 88_200), { lostSamples: 22_050 }),
        ]),
        options(),
      ),
    );
    expect(messages.filter(({ type }) => type === 'emotion').map(({ t }) => t)).toEqual([0.5, 1, 1.5, 2]);
    expect(messages.find(({ type }) => type === 'gap')).toMatchObject({
      reason: 'overflow',
      seconds: 0.5,
      t: 1,
    });
  });

  it('replaces NaN and infinite samples by silence and reports them once per step', async () => {
    const broken = sine(440, 2, 44_100);
    broken.fill(Number.NaN, 1000, 2000);
    broken[3000] = Number.POSITIVE_INFINITY;
    const messages = await messagesOf(track(chunkedSource(broken, MONO, 500), options()));
    const gaps = messages.filter((message) => message.type === 'gap');
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatchObject({ reason: 'invalid-samples', seconds: expect.closeTo(1001 / 44_100, 5) });
    for (const frame of messages.filter((message) => message.type === 'emotion')) {
      expect(Number.isFinite(frame.valence)).toBe(true);
    }
  });

  it('keeps audio time when the source changes its format', async () => {
    const stereo = new Float32Array(48_000 * 2).fill(0.1);
    const messages = await messagesOf(
      track(
        sourceOf([audio(voice.subarray(0, 33_075)), audio(stereo, { sampleRateHz: 48_000, channels: 2 })]),
        options(),
      ),
    );
    expect(messages.filter(({ type }) => type === 'emotion').map(({ t }) => t)).toEqual([0.5, 1, 1.5]);
    expect(messages.find(({ type }) => type === 'gap')).toMatchObject({
      reason: 'format-change',
      seconds: 0.25,
    });
  });

  it.each([
    ['a sample rate out of range', audio(voice, { sampleRateHz: 4_000 }), 'bad-format'],
    ['too many channels', audio(voice, { channels: 33 }), 'bad-format'],
  ])('stops with an error at %s', async (_, item: SourceItem, code) => {
    const messages = await messagesOf(track(sourceOf([item]), options()));
    expect(messages.at(-1)).toMatchObject({ type: 'stream-stopped', code });
  });

  it('ends with stream-stopped when the source fails, and reports internal errors', async () => {
    const failing = (fault: Error) => ({
      uri: 'test:',
      // biome-ignore lint/correctness/useYield: it fails before its first item
      async *open() {
        throw fault;
      },
    });
    const lost = new UserError('device-lost', 'The sound card went away; plug it in again.');
    expect((await messagesOf(track(failing(lost), options()))).at(-1)).toMatchObject({
      type: 'stream-stopped',
      code: 'device-lost',
      message: lost.message,
    });
    const errors: unknown[] = [];
    const bug = new TypeError('x is undefined');
    const onInternalError = (error: unknown) => errors.push(error);
    expect((await messagesOf(track(failing(bug), { ...options(), onInternalError }))).at(-1)).toMatchObject({
      code: 'internal',
      message: expect.not.stringContaining('undefined'),
    });
    expect(errors).toEqual([bug]);
  });

  it('returns to the initial state on reset, and only then', async () => {
    const again = async function* (tracker: () => void) {
      yield audio(voice.subarray(0, 66_150));
      tracker();
      yield audio(voice.subarray(0, 66_150));
    };
    const tracker = track({ uri: 'test:', open: () => again(() => tracker.reset()) }, options());
    const frames = await framesOf(tracker);
    expect(frames.map(({ seq }) => seq)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(frames[5]!.valence).toBe(frames[2]!.valence);
  });
});

/** Classifies the given steps as speech. */
function speechAt(...steps: readonly number[]): ActivityDetector {
  return {
    createClassifier(from) {
      const state = { h: new Float32Array(1), c: new Float32Array(1), evidence: 0, speech: false, ...from };
      return {
        state,
        classify: () => (steps.includes(state.evidence++) ? 'speech' : 'music'),
        reset: () => {
          state.evidence = 0;
        },
      };
    },
  };
}

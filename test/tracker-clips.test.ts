import { deserialize, serialize } from 'node:v8';
import { expect, it } from 'vitest';
import { CLIP_BANDS, CLIP_FRAMES } from '../src/stream/clip-mel.ts';
import { loadFft } from '../src/stream/fft.ts';
import { type TrackerState, track } from '../src/tracker.ts';
import type { EmotionModel, StepWindow } from '../src/types.ts';
import { readLena } from './support/audio.ts';
import { fakeModel, fakeStepper } from './support/fake-model.ts';
import { expectSameFrames, framesOf } from './support/frames.ts';
import { chunkedSource, sourceOf } from './support/sources.ts';

const fft = await loadFft();
const MONO = { sampleRateHz: 44_100, channels: 1 };
const voice = readLena().subarray(0, 6 * 44_100);

/** Predicts from the clip alone, without memory. */
function clipModel(onWindow: (window: StepWindow) => void = () => {}): EmotionModel {
  const model = fakeModel();
  return {
    ...model,
    needs: 'clip',
    step(inputs) {
      const outputs = model.step(inputs);
      return inputs.map(({ window }, i) => {
        onWindow(window);
        const mean = window.clip!.reduce((sum, y) => sum + y, 0) / window.clip!.length;
        return { ...outputs[i]!, arousal: Math.tanh(mean), valence: Math.tanh(window.clip![4_000]! - 1) };
      });
    },
  };
}

const options = (model: EmotionModel, state?: TrackerState) => ({
  stream: 'booth',
  stepper: fakeStepper(model),
  fft,
  ...(state && { state }),
});
const run = (longest: number, seed = 1, samples = voice, state?: TrackerState) =>
  framesOf(track(chunkedSource(samples, MONO, longest, seed), options(clipModel(), state)));

it('passes the half-second clip to a model that needs it, and to no other', async () => {
  const clips: Float32Array[] = [];
  await framesOf(
    track(chunkedSource(voice, MONO), options(clipModel(({ clip }) => clips.push(clip!.slice())))),
  );
  expect(clips.map(({ length }) => length)).toEqual(Array(12).fill(CLIP_FRAMES * CLIP_BANDS));
  expect(clips.at(-1)).not.toEqual(clips[0]);

  const seen: StepWindow[] = [];
  const model = fakeModel();
  const watching: EmotionModel = {
    ...model,
    step: (inputs) => {
      seen.push(...inputs.map(({ window }) => window));
      return model.step(inputs);
    },
  };
  const tracker = track(chunkedSource(voice, MONO), options(watching));
  await framesOf(tracker);
  expect(seen.length).toBe(12);
  for (const window of seen) expect(window).not.toHaveProperty('clip');
  expect((await tracker.save()).analyzer.extractor).not.toHaveProperty('clip');
});

it('gives the same frames for any chunks, and from a saved state', async () => {
  const whole = await run(voice.length);
  expect(new Set(whole.map(({ arousal }) => arousal)).size).toBe(12);
  expectSameFrames(await run(900, 3), whole);

  const at = 3 * 44_100 + 9_876;
  const first = track(chunkedSource(voice.subarray(0, at), MONO, 5_000), options(clipModel()));
  const before = await framesOf(first);
  const state: TrackerState = deserialize(serialize(await first.save()));
  const after = await run(7_000, 1, voice.subarray(at), state);
  expectSameFrames([...before, ...after], whole);
});

it('continues from the state of a tracker without clips', async () => {
  const at = 3 * 44_100 + 9_876;
  const withoutClips = track(chunkedSource(voice.subarray(0, at), MONO), options(fakeModel()));
  await framesOf(withoutClips);
  const after = await run(7_000, 1, voice.subarray(at), structuredClone(await withoutClips.save()));
  const whole = await run(voice.length);
  expect(after.map(({ seq }) => seq)).toEqual([6, 7, 8, 9, 10, 11]);
  // The first clip lacks the part that was received before; all later ones are complete.
  expect(after[0]!.arousal).not.toBeCloseTo(whole[6]!.arousal!, 3);
  for (const [i, { arousal }] of after.entries()) {
    if (i > 0) expect(arousal).toBeCloseTo(whole[6 + i]!.arousal!, 6);
  }
});

it('has clips after a change of format and after a reset', async () => {
  const stereo = Float32Array.from({ length: 2 * voice.length }, (_, i) => voice[i >> 1]!);
  const chunk = { type: 'audio', sampleRateHz: 44_100, arrivedAtMs: 0 } as const;
  const items = [
    { ...chunk, channels: 1, samples: voice.subarray(0, 44_100 + 500) },
    { ...chunk, channels: 2, samples: stereo },
  ];
  const whole = await run(voice.length);
  const tracker = track(sourceOf(items), options(clipModel()));
  const frames = await framesOf(tracker);
  expect(frames.length).toBe(14);
  for (const [i, { arousal }] of frames.slice(2).entries())
    expect(arousal).toBeCloseTo(whole[i]!.arousal!, 5);

  tracker.reset();
  const again = await framesOf(tracker);
  expect(again.map(({ seq, arousal }) => ({ seq, arousal }))).toEqual(
    frames.map(({ seq, arousal }) => ({ seq, arousal })),
  );
});

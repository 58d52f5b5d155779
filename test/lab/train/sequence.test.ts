import { expect, test } from 'vitest';
import { drawSequences } from '../../../lab/train/augment/draw-sequences.ts';
import { NO_AUGMENTATION, type SpectralAugmentation } from '../../../lab/train/augment/spectral.ts';
import { batchOf, mixup } from '../../../lab/train/batch.ts';
import type { Example } from '../../../lab/train/example.ts';
import { MEL_PARTS } from '../../../lab/train/features/stored.ts';
import { DEFAULT_TRAINING } from '../../../lab/train/options.ts';
import { Random } from '../../../lab/train/random.ts';
import { SequenceMaker, wholeClip } from '../../../lab/train/sequence.ts';
import { framesReceived, SUMMARY_LENGTH, Summary } from '../../../src/model/summary.ts';
import { FeatureExtractor } from '../../../src/stream/feature-extractor.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { MEL_BANDS } from '../../../src/stream/mel.ts';

/** An example of noise, and its windows on the live path. */
async function example(seed: number, seconds = 5): Promise<{ example: Example; windows: Float32Array[] }> {
  const extractor = new FeatureExtractor(await loadFft(), { sampleRateHz: 16_000, channels: 1 });
  const random = new Random(seed);
  const samples = Float32Array.from({ length: 16_000 * seconds }, () => random.between(-0.3, 0.3));
  const frames: number[] = [];
  const ends: number[] = [];
  const windows: Float32Array[] = [];
  for (const { mel, newFrames } of extractor.push(samples, 0)) {
    windows.push(mel.slice());
    frames.push(...mel.subarray(mel.length - newFrames * MEL_BANDS).map((y) => Math.round(y * MEL_PARTS)));
    ends.push(frames.length / MEL_BANDS);
  }
  const steps = ends.length;
  return {
    windows,
    example: {
      clip: { song: { id: String(seed), artist: '' }, path: '', file: '', startMs: 0 },
      mel: { frames: Uint16Array.from(frames), ends: Uint16Array.from(ends) },
      steps,
      labels: new Float32Array(steps * 2).map((_, i) => seed / 10 + (i % 2) / 100),
      tags: new Float32Array(0),
    },
  };
}

test('the summaries of a whole clip are those of the live path', async () => {
  const { example: clip, windows } = await example(1);
  const sequence = new SequenceMaker().make([wholeClip(clip)]);
  expect(sequence.steps).toBe(windows.length);
  const live = new Float32Array(SUMMARY_LENGTH);
  for (const [step, window] of windows.entries()) {
    new Summary().write(window, framesReceived(step), live, 0);
    const summary = sequence.summaries.subarray(step * SUMMARY_LENGTH, (step + 1) * SUMMARY_LENGTH);
    for (const [i, x] of live.entries()) expect(Math.abs(summary[i]! - x)).toBeLessThan(5e-3);
  }
});

test('after a cut the window still contains the end of the previous piece', async () => {
  const [a, b] = await Promise.all([example(1), example(2)]);
  const muted: SpectralAugmentation = { ...NO_AUGMENTATION, bands: { from: 0, to: MEL_BANDS } };
  const quiet = { example: b.example, from: 0, to: 4, spectral: muted };
  const maker = new SequenceMaker();
  const sequence = maker.make([{ example: a.example, from: 2, to: 8, spectral: NO_AUGMENTATION }, quiet]);
  expect(sequence.steps).toBe(10);
  const meanOver3s = (step: number) => sequence.summaries[step * SUMMARY_LENGTH + 40]!;
  const meanOverHalf = (step: number) => sequence.summaries[step * SUMMARY_LENGTH + 4 * MEL_BANDS + 40]!;
  expect(meanOverHalf(6)).toBeLessThan(0.1 * meanOverHalf(5)); // the first step of a clip has 30 new frames of 31
  expect(meanOver3s(6)).toBeGreaterThan(0.5 * meanOver3s(5));
  expect([...sequence.labels.subarray(5 * 2, 7 * 2)]).toEqual(
    [0.1, 0.11, 0.2, 0.21].map((x) => expect.closeTo(x, 5)),
  );
});

test('sequences have sequenceSteps and use every clip about once', async () => {
  const { example: clip } = await example(1, 10);
  const clips = Array.from({ length: 40 }, () => ({ ...clip }));
  const random = new Random(5);
  const all = [...drawSequences(clips, random, DEFAULT_TRAINING)];
  for (const segments of all) {
    expect(segments.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(DEFAULT_TRAINING.sequenceSteps);
  }
  expect(new Set(all.flat().map(({ example: e }) => e)).size).toBe(all.flat().length);
});

test('mixup mixes inputs and targets alike, and weighs only targets that both streams have', async () => {
  const [a, b] = await Promise.all([example(1), example(2)]);
  const maker = new SequenceMaker();
  const sequences = [maker.make([wholeClip(a.example)]), maker.make([wholeClip(b.example)])];
  sequences[1]!.labels[0] = Number.NaN;
  const batch = mixup(batchOf(sequences, 0), [1, 0], [0.75, 1]);
  const expected = 0.75 * sequences[0]!.summaries[7]! + 0.25 * sequences[1]!.summaries[7]!;
  expect(batch.summaries[7]).toBeCloseTo(expected, 5);
  expect([...batch.labels.weights.subarray(0, 4)]).toEqual([0, 1, 0, 1]);
  expect(batch.labels.values[1]).toBeCloseTo(0.75 * 0.11 + 0.25 * 0.21, 5);
});

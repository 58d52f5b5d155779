import { beforeAll, describe, expect, test } from 'vitest';
import {
  FRAME_FEATURES,
  FrameFeatures,
  frameSize,
} from '../../../../lab/compare/classical/frame-features.ts';
import { spectralEntropy, spectralFlux } from '../../../../lab/compare/classical/spectral.ts';
import { STEP_FEATURES, stepFeatures } from '../../../../lab/compare/classical/step-features.ts';
import { Random } from '../../../../lab/train/random.ts';
import { type FftPlans, loadFft } from '../../../../src/stream/fft.ts';

let plans: FftPlans;

beforeAll(async () => {
  plans = await loadFft();
});

const sine = (hz: number, rateHz: number, seconds: number, gain = 0.5) =>
  Float32Array.from({ length: rateHz * seconds }, (_, i) => gain * Math.sin((2 * Math.PI * hz * i) / rateHz));

const noise = (samples: number, seed = 1) => {
  const random = new Random(seed);
  return Float32Array.from({ length: samples }, () => random.between(-0.5, 0.5));
};

function frameOf(signal: Float32Array, rateHz: number): Record<string, number> {
  const measure = new FrameFeatures(plans, rateHz);
  const out = new Float32Array(FRAME_FEATURES.length);
  measure.write(signal.subarray(0, measure.size), out, 0);
  return Object.fromEntries(FRAME_FEATURES.map((name, i) => [name, out[i]!]));
}

describe('a frame of a sine', () => {
  for (const rateHz of [22_050, 44_100, 48_000]) {
    test(`of 440 Hz at ${rateHz} Hz has the features of 440 Hz`, () => {
      const frame = frameOf(sine(440, rateHz, 1), rateHz);
      expect(frame.rms).toBeCloseTo(0.5 / Math.SQRT2, 2);
      expect(Math.abs(frame['zero crossings per second']! - 880)).toBeLessThan(
        rateHz / frameSize(rateHz) + 1,
      );
      expect(Math.abs(frame['spectral centroid (Hz)']! - 440)).toBeLessThan(15);
      expect(frame['spectral entropy']).toBeLessThan(0.25);
      expect(frame['spectral flatness']).toBeLessThan(0.05);
      const chroma = FRAME_FEATURES.filter((name) => name.startsWith('chroma '));
      expect(chroma.toSorted((a, b) => frame[b]! - frame[a]!)[0]).toBe('chroma A');
    });
  }

  test('has the chroma of its pitch', () => {
    for (const [hz, pitch] of [
      [261.63, 'C'],
      [329.63, 'E'],
      [554.37, 'C#'],
    ] as const) {
      const frame = frameOf(sine(hz, 44_100, 1), 44_100);
      expect(frame[`chroma ${pitch}`]).toBe(1);
    }
  });
});

test('each sample rate has its own filters', () => {
  const before = frameOf(noise(8192), 22_050);
  frameOf(noise(8192), 48_000);
  expect(frameOf(noise(8192), 22_050)).toEqual(before);
  expect(frameOf(noise(8192), 44_100)['mfcc 2']).not.toBe(before['mfcc 2']);
});

test('agrees with the features of Meyda', async () => {
  const { default: shared } = (await import('meyda')) as unknown as { default: object };
  const meyda = { ...shared, bufferSize: 2048, sampleRate: 44_100 } as unknown as {
    extract(
      names: string[],
      signal: Float32Array,
    ): Record<string, number> & Record<'mfcc' | 'chroma', number[]>;
  };
  const signal = noise(2048).map((x, i) => x * (i / 2048) + 0.2 * Math.sin(i / 7));
  const names = [
    'spectralCentroid',
    'spectralSpread',
    'spectralRolloff',
    'spectralFlatness',
    'mfcc',
    'chroma',
  ];
  const theirs = meyda.extract(names, signal);
  const ours = frameOf(signal, 44_100);
  const hzPerBin = 44_100 / 2048;
  const close = (a: number, b: number) => expect(Math.abs(a - b) / (Math.abs(b) + 1e-3)).toBeLessThan(1e-3);
  close(ours['spectral centroid (Hz)']!, theirs.spectralCentroid! * hzPerBin);
  close(ours['spectral spread (Hz)']!, theirs.spectralSpread! * hzPerBin);
  close(ours['spectral rolloff 99 % (Hz)']!, theirs.spectralRolloff!);
  close(ours['spectral flatness']!, theirs.spectralFlatness!);
  for (const [i, value] of theirs.mfcc.entries()) close(ours[`mfcc ${i + 1}`]!, value);
  const chroma = FRAME_FEATURES.filter((name) => name.startsWith('chroma ')).map((name) => ours[name]!);
  for (const [i, value] of theirs.chroma.entries()) close(chroma[i]!, value);
});

test('entropy is 0 for one bin, 1 for equal bins, and 0.5 for one bit of two', () => {
  expect(spectralEntropy(Float32Array.of(0, 3, 0, 0))).toBe(0);
  expect(spectralEntropy(new Float32Array(64).fill(2))).toBeCloseTo(1, 6);
  expect(spectralEntropy(Float32Array.of(1, 1, 0, 0))).toBeCloseTo(0.5, 6); // one bit of two
});

test('flux counts increases only', () => {
  expect(spectralFlux(Float32Array.of(1, 4), Float32Array.of(2, 2))).toBe(1);
  expect(spectralFlux(Float32Array.of(1, 1), Float32Array.of(2, 2))).toBe(0);
});

describe('features of steps', () => {
  test('of silence are 0, and the first sound after it is an onset', () => {
    const samples = new Float32Array(44_100 * 2);
    samples.set(sine(440, 44_100, 1), 44_100);
    const features = stepFeatures(samples, 44_100, plans);
    const width = STEP_FEATURES.length;
    expect(features.subarray(0, 2 * width).every((x) => x === 0)).toBe(true);
    expect(features[2 * width + STEP_FEATURES.indexOf('spectral flux, mean of 0.5 s')]).toBeGreaterThan(0);
    expect(features.every(Number.isFinite)).toBe(true);
  });

  test('are one row for each whole step, also at rates that do not divide evenly', () => {
    for (const [rateHz, samples, steps] of [
      [44_100, 44_100 * 3, 6],
      [44_100, 44_100 * 3 - 1, 5],
      [11_025, 11_025, 2],
      [11_025, 5512, 0], // half a second ends within the 5,513th sample
      [11_025, 5513, 1],
    ] as const) {
      const features = stepFeatures(noise(samples), rateHz, plans);
      expect(features.length / STEP_FEATURES.length, `${samples} at ${rateHz}`).toBe(steps);
    }
  });

  test('do not depend on later samples', () => {
    const samples = noise(44_100 * 5);
    const whole = stepFeatures(samples, 44_100, plans);
    for (const steps of [1, 4, 7]) {
      const cut = steps * 22_050;
      const changed = samples.slice();
      changed.set(noise(samples.length - cut, 2), cut);
      const after = stepFeatures(changed, 44_100, plans);
      const known = steps * STEP_FEATURES.length;
      expect(after.subarray(0, known)).toEqual(whole.subarray(0, known));
      expect(after.subarray(known)).not.toEqual(whole.subarray(known));
    }
  });

  test('depend on the last 3 s only', () => {
    const samples = noise(44_100 * 6);
    const changed = samples.slice();
    changed.set(noise(22_050, 3), 0);
    const [whole, other] = [samples, changed].map((signal) => stepFeatures(signal, 44_100, plans));
    const row = (features: Float32Array | undefined, step: number) =>
      features!.slice(step * STEP_FEATURES.length, (step + 1) * STEP_FEATURES.length);
    expect(row(other, 5)).not.toEqual(row(whole, 5));
    expect(row(other, 7)).toEqual(row(whole, 7));
  });

  test('are proportional to the level', () => {
    const features = stepFeatures(sine(440, 8000, 4, 0.1), 8000, plans);
    const louder = stepFeatures(sine(440, 8000, 4, 0.4), 8000, plans);
    const rms = STEP_FEATURES.indexOf('rms, mean of 3 s');
    const last = 7 * STEP_FEATURES.length;
    expect(louder[last + rms]! / features[last + rms]!).toBeCloseTo(4, 3);
  });
});

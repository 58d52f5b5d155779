import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HARMONY_FEATURES, Harmony } from '../../src/stream/chroma/harmony.ts';
import { loadFft } from '../../src/stream/fft.ts';
import { cut, readS16, sine } from '../support/audio.ts';

// Made by test/fixtures/chroma/make.py.
const golden: Record<'chords' | 'music', number[][]> = JSON.parse(
  readFileSync('test/fixtures/chroma/harmony.json', 'utf8'),
);
const music = readS16('test/fixtures/ced/input.s16').map((sample) => 2 * sample);
const plans = await loadFft();
const CHORDS = [
  [48, 64, 67, 72],
  [45, 57, 64, 72],
  [41, 60, 65, 69],
  [43, 59, 62, 65, 71],
];

/** The piece that make.py describes. */
function piece(seconds: number, rate: number): Float32Array {
  return Float32Array.from({ length: seconds * rate }, (_, i) => {
    const t = i / rate;
    let x = 0.1 * Math.sin(2 * Math.PI * 3900 * t);
    for (const note of CHORDS[Math.floor(t / 1.5)]!) {
      const hz = 440 * 2 ** ((note - 69) / 12);
      for (let h = 1; h <= 4; h++) x += (0.05 / h) * Math.sin(2 * Math.PI * h * hz * t);
    }
    return x;
  });
}

/** The features of every half second. */
function harmonyOf(samples: Float32Array, rate: number, harmony = new Harmony(plans, rate)): Float32Array[] {
  const steps: Float32Array[] = [];
  for (let step = 0; step < Math.floor((2 * samples.length) / rate); step++) {
    harmony.push(samples.subarray((step * rate) / 2, ((step + 1) * rate) / 2));
    steps.push(harmony.end().slice());
  }
  return steps;
}

function largestDifference(got: readonly Float32Array[], wanted: readonly ArrayLike<number>[]): number {
  expect(got.length).toBe(wanted.length);
  return Math.max(...got.flatMap((row, i) => Array.from(row, (x, k) => Math.abs(x - wanted[i]![k]!))));
}

describe('harmony of the last seconds', () => {
  it.each([8000, 11_024, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])(
    'of four chords at %i Hz equals the reference',
    (rate) => {
      const steps = harmonyOf(piece(6, rate), rate);
      // The abrupt start is a click, of which each rate has another part.
      expect(largestDifference(steps.slice(0, 1), golden.chords.slice(0, 1))).toBeLessThan(0.015);
      expect(largestDifference(steps.slice(1), golden.chords.slice(1))).toBeLessThan(4e-3);
    },
  );

  it('of music equals the reference', () => {
    expect(largestDifference(harmonyOf(music, 16_000), golden.music)).toBeLessThan(5e-4);
  });

  it('does not depend on the level, nor on how the samples are cut', () => {
    const whole = harmonyOf(music, 16_000);
    const quiet = harmonyOf(
      music.map((x) => 0.01 * x),
      16_000,
    );
    expect(largestDifference(quiet, whole)).toBeLessThan(1e-4);
    const harmony = new Harmony(plans, 16_000);
    for (const chunk of cut(music.subarray(0, 40_000), 1, 900)) harmony.push(chunk);
    expect(harmony.end()).toEqual(whole[4]);
  });

  it('continues from a saved state without a difference', () => {
    const samples = piece(2, 44_100);
    const whole = harmonyOf(samples, 44_100).at(-1);
    const first = new Harmony(plans, 44_100);
    first.push(samples.subarray(0, 33_333));
    const second = new Harmony(plans, 44_100, structuredClone(first.state));
    second.push(samples.subarray(33_333));
    expect(second.end()).toEqual(whole);
  });

  it('stays as it was during digital silence', () => {
    const harmony = new Harmony(plans, 16_000);
    harmonyOf(music, 16_000, harmony);
    harmony.push(new Float32Array(16_000)); // the music leaves the window
    const before = harmony.end().slice();
    harmony.push(new Float32Array(16_000));
    expect(harmony.end()).toEqual(before);
  });

  it('begins with a flat chroma', () => {
    const features = new Harmony(plans, 44_100).end();
    expect(features.length).toBe(HARMONY_FEATURES);
    expect(Array.from(features.subarray(0, 3))).toEqual([0, 0, 0]);
    expect(features[3]).toBeCloseTo(1, 6);
    expect(features[4]).toBeCloseTo(1 / 12, 6);
  });

  it('is finite for a sine, a constant and noise', () => {
    for (const samples of [
      sine(440, 2, 44_100),
      new Float32Array(88_200).fill(1),
      sine(440, 2, 44_100).map((_, i) => ((i * 48271) % 997) / 997 - 0.5),
    ]) {
      for (const row of harmonyOf(samples, 44_100)) expect(row.every(Number.isFinite)).toBe(true);
    }
  });
});

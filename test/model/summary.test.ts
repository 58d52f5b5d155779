import { expect, test } from 'vitest';
import { Random } from '../../lab/train/random.ts';
import { RHYTHM_GROUPS, RHYTHM_RATES } from '../../src/model/rhythm.ts';
import { framesReceived, SUMMARY_LENGTH, Summary } from '../../src/model/summary.ts';
import { FeatureExtractor } from '../../src/stream/feature-extractor.ts';
import { loadFft } from '../../src/stream/fft.ts';
import { HOP_SECONDS, MEL_BANDS } from '../../src/stream/mel.ts';
import { WINDOW_FRAMES } from '../../src/stream/mel-ring.ts';

function summaryOf(mel: Float32Array, frames = WINDOW_FRAMES): Float32Array {
  const out = new Float32Array(SUMMARY_LENGTH);
  new Summary().write(mel, frames, out, 0);
  return out;
}

/** A window whose bands all do the same. */
function window(level: (frame: number) => number): Float32Array {
  return Float32Array.from({ length: WINDOW_FRAMES * MEL_BANDS }, (_, i) => level(Math.floor(i / MEL_BANDS)));
}

const [MEAN, SD, CHANGE, MAX] = [0, 1, 2, 3].map((i) => i * MEL_BANDS) as [number, number, number, number];
const RECENT = 4 * MEL_BANDS;
const RHYTHM = 8 * MEL_BANDS;

test('statistics of a known series, over 3 s and over the last 0.5 s', () => {
  const summary = summaryOf(window((frame) => (frame % 2 === 0 ? 1 : 2)));
  expect(summary[MEAN]).toBeCloseTo((94 * 1 + 93 * 2) / 187, 5);
  expect(summary[SD]).toBeCloseTo(0.5, 4);
  expect(summary[CHANGE]).toBeCloseTo(1, 6);
  expect(summary[MAX]).toBe(2);
  expect(summary[RECENT + MEAN]).toBeCloseTo((16 * 1 + 15 * 2) / 31, 5);
});

test('statistics of the last 0.5 s', () => {
  const summary = summaryOf(window((frame) => (frame >= WINDOW_FRAMES - 31 ? 3 : 1)));
  expect(summary[RECENT + MEAN]).toBeCloseTo(3, 6);
  expect(summary[RECENT + SD]).toBeCloseTo(0, 6);
});

test('rows from before the stream began are left out', () => {
  const begun = window((frame) => (frame >= WINDOW_FRAMES - 30 ? 2 : 0));
  const summary = summaryOf(begun, 30);
  expect(summary[MEAN]).toBeCloseTo(2, 6);
  expect(summary[SD]).toBeCloseTo(0, 6);
  expect(summary[CHANGE]).toBe(0);
  for (const strength of summary.subarray(RHYTHM)) expect(strength).toBeCloseTo(0, 5);
});

test('a pulse is strongest at its rate', () => {
  const rate = 6;
  const period = 1 / (RHYTHM_RATES[rate]! * HOP_SECONDS);
  const summary = summaryOf(window((frame) => ((frame % period) / period < 0.3 ? 2 : 1)));
  for (let group = 0; group < RHYTHM_GROUPS; group++) {
    const strengths = [...summary.subarray(RHYTHM + group * 16, RHYTHM + (group + 1) * 16)];
    const strongest = strengths.indexOf(Math.max(...strengths.slice(0, 10)));
    expect(strongest).toBe(rate);
  }
});

test.each([8_000, 16_000, 22_050, 44_100, 48_000, 96_000])(
  'framesReceived is the number of frames of the extractor at %i Hz',
  async (rate) => {
    const extractor = new FeatureExtractor(await loadFft(), { sampleRateHz: rate, channels: 1 });
    const random = new Random(1);
    const samples = Float32Array.from({ length: rate * 4 }, () => random.between(-0.5, 0.5));
    let received = 0;
    for (const { step, newFrames } of extractor.push(samples, 0)) {
      received += newFrames;
      expect(framesReceived(step)).toBe(Math.min(WINDOW_FRAMES, received));
    }
  },
);

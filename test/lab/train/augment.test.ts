import { beforeAll, expect, test } from 'vitest';
import { addBackground, BAND_WIDTHS } from '../../../lab/train/augment/background.ts';
import {
  frequencyMask,
  NO_AUGMENTATION,
  randomSpectral,
  type SpectralOptions,
  smoothCurve,
  tiltCurve,
  timeMask,
  writeAugmented,
} from '../../../lab/train/augment/spectral.ts';
import { drawVariants, speedPitchMel } from '../../../lab/train/augment/speed-pitch.ts';
import { MEL_PARTS } from '../../../lab/train/features/stored.ts';
import { Random } from '../../../lab/train/random.ts';
import { type FftPlans, loadFft } from '../../../src/stream/fft.ts';
import { MEL_BANDS, MelFrames } from '../../../src/stream/mel.ts';
import { sine } from '../../support/audio.ts';

const RATE_HZ = 44_100;
const NO_OPTIONS: SpectralOptions = {
  gainDb: 0,
  tiltDb: 0,
  equaliserDb: 0,
  noiseChance: 0,
  noiseSnrDb: [10, 40],
  muteChance: 0,
  muteBands: 12,
  timeMaskChance: 0,
  timeMaskMs: 300,
};

let fft: FftPlans;

beforeAll(async () => {
  fft = await loadFft();
});

function melOf(samples: Float32Array, rateHz = RATE_HZ): Float32Array {
  const frames: number[] = [];
  new MelFrames(fft, rateHz).push(samples, (frame) => frames.push(...frame));
  return Float32Array.from(frames);
}

function stored(mel: Float32Array): Uint16Array {
  return Uint16Array.from(mel, (y) => Math.round(y * MEL_PARTS));
}

function augmented(
  mel: Float32Array,
  options: Partial<SpectralOptions>,
  random = new Random(3),
): Float32Array {
  const out = new Float32Array(mel.length);
  writeAugmented(
    stored(mel),
    randomSpectral(random, { ...NO_OPTIONS, ...options }, mel.length / MEL_BANDS),
    out,
    0,
  );
  return out;
}

function meanDifference(a: Float32Array, b: Float32Array): number {
  const n = Math.min(a.length, b.length);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / n;
}

/** Three decaying notes. */
function piece(seconds: number, speed = 1, pitch = 1): Float32Array {
  return Float32Array.from({ length: Math.round((seconds / speed) * RATE_HZ) }, (_, i) => {
    const t = (i / RATE_HZ) * speed;
    const decay = Math.exp(-4 * (t % 0.7));
    const tone = (hz: number) => Math.sin(2 * Math.PI * hz * pitch * (i / RATE_HZ));
    return 0.2 * decay * (tone(220) + 0.6 * tone(660) + 0.3 * tone(2200));
  });
}

test('without any options the mel frames do not change', () => {
  const mel = melOf(piece(1));
  expect(meanDifference(augmented(mel, {}), mel)).toBeLessThan(1 / MEL_PARTS);
});

test('a gain on mel frames equals a gain on the samples', () => {
  const samples = piece(1);
  const random = {
    normal: () => 2,
    between: () => 0,
    chance: () => false,
    below: () => 0,
  } as unknown as Random;
  const louder = melOf(samples.map((x) => x * 10 ** (6 / 20)));
  expect(meanDifference(augmented(melOf(samples), { gainDb: 3 }, random), louder)).toBeLessThan(1e-3);
});

test('a tilt is linear and symmetric; a curve is smooth, has mean 0 and the given standard deviation', () => {
  const tilt = tiltCurve(new Random(1), 6);
  expect(tilt[0]).toBeCloseTo(-tilt[95]!, 5);
  expect(Math.abs(tilt[95]! - tilt[0]!)).toBeLessThanOrEqual(6);
  expect(tilt[48]! - tilt[47]!).toBeCloseTo(tilt[1]! - tilt[0]!, 5);

  const curves = Array.from({ length: 200 }, (_, seed) => smoothCurve(new Random(seed), 3));
  for (const curve of curves) {
    expect(curve.reduce((sum, db) => sum + db, 0)).toBeCloseTo(0, 3);
    for (let b = 1; b < MEL_BANDS; b++) expect(Math.abs(curve[b]! - curve[b - 1]!)).toBeLessThan(2);
  }
  const sd = Math.sqrt(
    curves.flatMap((curve) => [...curve]).reduce((sum, db) => sum + db * db, 0) / 200 / MEL_BANDS,
  );
  expect(sd).toBeGreaterThan(1.8);
  expect(sd).toBeLessThan(3.2);
});

test('noise added to mel power equals, on average over frames, noise added to the samples', () => {
  const random = new Random(7);
  const samples = piece(8);
  const hiss = samples.map(() => random.normal());
  const power = (x: Float32Array) => x.reduce((sum, y) => sum + y * y, 0);
  // The mel bands end at 8 kHz.
  const inBands = (8000 / (RATE_HZ / 2)) * power(hiss);
  const gain = Math.sqrt(power(samples) / inBands / 10 ** (20 / 10));
  const truth = melOf(samples.map((x, i) => x + gain * hiss[i]!));

  const mel = melOf(samples).map((y) => (10 ** y - 1) / 1e4);
  addBackground(mel, { snrDb: 20, steepness: 0, from: 100 });
  const made = mel.map((p) => Math.log10(1 + 1e4 * p));
  const meanOf = (x: Float32Array, b: number) => {
    let sum = 0;
    for (let i = b; i < x.length; i += MEL_BANDS) sum += x[i]!;
    return (sum / x.length) * MEL_BANDS;
  };
  for (let b = 0; b < MEL_BANDS; b++) expect(Math.abs(meanOf(made, b) - meanOf(truth, b))).toBeLessThan(0.06);
});

test('the signal-to-noise ratio is as given for white, pink and brown noise; silence stays silent', () => {
  const before = melOf(piece(4)).map((y) => (10 ** y - 1) / 1e4);
  const total = (power: Float32Array) =>
    power.reduce((sum, p, i) => sum + p * BAND_WIDTHS[i % MEL_BANDS]!, 0);
  for (const steepness of [0, 1, 2]) {
    const after = before.slice();
    addBackground(after, { snrDb: 10, steepness, from: 480 });
    expect(10 * Math.log10(total(before) / (total(after) - total(before)))).toBeCloseTo(10, 2);
  }
  const silence = new Float32Array(10 * MEL_BANDS);
  addBackground(silence, { snrDb: 10, steepness: 1, from: 0 });
  expect(silence.every((p) => p === 0)).toBe(true);
});

test('masks are within their bounds, mute what they cover, and occur with the given probability', () => {
  const random = new Random(5);
  const bands = Array.from({ length: 400 }, () => frequencyMask(random, 0.25, 12));
  const gaps = Array.from({ length: 400 }, () => timeMask(random, 0.25, 300, 100));
  for (const [masks, longest, end] of [
    [bands, 12, MEL_BANDS],
    [gaps, 19, 100],
  ] as const) {
    const drawn = masks.filter(({ from, to }) => to > from);
    expect(drawn.length / 400).toBeCloseTo(0.25, 1);
    for (const { from, to } of drawn) {
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(end);
      expect(to - from).toBeLessThanOrEqual(longest);
    }
  }
  expect(timeMask(random, 1, 300, 0)).toEqual({ from: 0, to: 0 });
  const mel = new Float32Array(4 * MEL_BANDS).fill(1);
  const out = new Float32Array(mel.length);
  writeAugmented(
    stored(mel),
    { ...NO_AUGMENTATION, bands: { from: 2, to: 4 }, gap: { from: 1, to: 2 } },
    out,
    0,
  );
  expect(out.reduce((sum, y) => sum + y, 0)).toBe(3 * (MEL_BANDS - 2));
});

test('at speed 1 and pitch 1, the frames are those of the live path', () => {
  const samples = piece(2);
  const live = melOf(samples);
  const changed = speedPitchMel(fft, samples, RATE_HZ, { speed: 1, pitch: 1 });
  expect(changed.length).toBe(live.length);
  expect(meanDifference(changed, live)).toBeLessThan(1e-6);
});

test.each([
  ['slower', 0.9, 1],
  ['faster', 1.1, 1],
  ['a semitone down', 1, 2 ** (-1 / 12)],
  ['two semitones up', 1, 2 ** (2 / 12)],
  ['faster and higher', 1.08, 2 ** (1 / 12)],
])('a piece augmented to be %s has the mel frames of one composed that way', (_, speed, pitch) => {
  const changed = speedPitchMel(fft, piece(4), RATE_HZ, { speed, pitch });
  const composed = melOf(piece(4, speed, pitch));
  expect(Math.abs(changed.length - composed.length) / MEL_BANDS).toBeLessThanOrEqual(2);
  const unlike = meanDifference(melOf(piece(4)), composed);
  expect(meanDifference(changed, composed)).toBeLessThan(0.15 * unlike);
});

test('a tone an octave up has the mel frames of a tone with twice the frequency', () => {
  const changed = speedPitchMel(fft, sine(440, 1, RATE_HZ), RATE_HZ, { speed: 1, pitch: 2 });
  expect(meanDifference(changed, melOf(sine(880, 1, RATE_HZ)))).toBeLessThan(0.01);
});

test('variants of a clip are reproducible, differ from each other and stay within their bounds', () => {
  const options = { soundVariants: 50, speedPercent: 10, pitchCents: 200 };
  const [a, b] = [drawVariants('1.mp3', options), drawVariants('1.mp3', options)];
  expect(a.map(({ speedPitch }) => speedPitch)).toEqual(b.map(({ speedPitch }) => speedPitch));
  expect(drawVariants('2.mp3', options)[0]!.speedPitch).not.toEqual(a[0]!.speedPitch);
  for (const { speed, pitch } of a.map(({ speedPitch }) => speedPitch)) {
    expect(Math.abs(speed - 1)).toBeLessThanOrEqual(0.1001);
    expect(Math.abs(1200 * Math.log2(pitch))).toBeLessThanOrEqual(200.01);
  }
  expect(new Set(a.map(({ speedPitch }) => `${speedPitch.speed}/${speedPitch.pitch}`)).size).toBeGreaterThan(
    45,
  );
});

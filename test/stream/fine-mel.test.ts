import { describe, expect, it } from 'vitest';
import { loadFft } from '../../src/stream/fft.ts';
import { FINE_BANDS, FINE_FRAMES, FineMel } from '../../src/stream/fine-mel.ts';
import { cut, readF32, readS16, sine } from '../support/audio.ts';

// Made by test/fixtures/ced/make.py and test/fixtures/mel/make.py.
const CED = 'test/fixtures/ced';
const music = readS16(`${CED}/input.s16`).map((sample) => 2 * sample);
const plans = await loadFft();

/** The reference's frame i is centered on sample 160 · i; from sample 64 on, frame j of ours is its frame j + 2. */
const START = 64;
const LATER = 2;

function melOf(samples: Float32Array, rate: number, chunks: Iterable<Float32Array> = [samples]) {
  const fine = new FineMel(plans, rate);
  for (const chunk of chunks) fine.push(chunk);
  const { mel, frames } = fine.end();
  expect(frames).toBeLessThanOrEqual(FINE_FRAMES);
  return { frames, mel: mel.slice((FINE_FRAMES - frames) * FINE_BANDS) };
}

function meanAndLargest(differences: readonly number[]): { mean: number; largest: number } {
  return {
    mean: differences.reduce((sum, x) => sum + x, 0) / differences.length,
    largest: Math.max(...differences),
  };
}

/** Bands below 86 Hz, which change when a window's mean is removed. */
const LOWEST_BANDS = 2;

describe('mel frames in dB at 16 kHz', () => {
  const { mel, frames } = melOf(music.subarray(START), 16_000);

  it('equal the reference with the exact window and filter bank', () => {
    const exact = readF32(`${CED}/exact-mel.f32`); // [38, 64] every 8th frame
    for (let i = 8; i < frames + LATER; i += 8) {
      for (let b = LOWEST_BANDS; b < FINE_BANDS; b++) {
        const got = mel[(i - LATER) * FINE_BANDS + b]!;
        expect(Math.abs(got - exact[(i / 8) * FINE_BANDS + b]!)).toBeLessThan(2e-3);
      }
    }
  });

  it('equal those of the original graph up to the quantization of its window and filter bank', () => {
    const golden = readF32(`${CED}/mel.f32`); // [64, 304]
    const differences = Array.from({ length: frames * FINE_BANDS }, (_, n) => {
      const i = Math.floor(n / FINE_BANDS) + LATER;
      const band = n % FINE_BANDS;
      return band < LOWEST_BANDS ? 0 : Math.abs(mel[n]! - golden[band * 304 + i]!);
    });
    const { mean, largest } = meanAndLargest(differences);
    expect(mean).toBeLessThan(0.1);
    expect(largest).toBeLessThan(9.5); // in cells near silence
  });

  it('do not depend on a constant offset', () => {
    const offset = melOf(
      music.subarray(START).map((x) => x + 0.05),
      16_000,
    );
    const differences = Array.from(mel, (y, n) => Math.abs(offset.mel[n]! - y));
    expect(Math.max(...differences)).toBeLessThan(0.05); // where it is silent
  });
});

describe.each([22_050, 44_100, 48_000])('mel frames in dB of a voice at %i Hz', (rate) => {
  const samples = readS16(`test/fixtures/mel/lena-${rate}.s16`);
  const { mel, frames } = melOf(samples, rate);

  it('are close to those at 16 kHz', () => {
    const wanted = melOf(readS16('test/fixtures/mel/lena-16000.s16'), 16_000).mel;
    // The resampler that made the 16 kHz file falls off above 7.2 kHz, in the top three bands; the lowest are near silence.
    const differences = Array.from({ length: frames * FINE_BANDS }, (_, n) => n)
      .filter((n) => n % FINE_BANDS >= LOWEST_BANDS && n % FINE_BANDS < 61)
      .map((n) => Math.abs(mel[n]! - wanted[n]!));
    const { mean, largest } = meanAndLargest(differences);
    expect(mean).toBeLessThan(0.05);
    expect(largest).toBeLessThan(5);
  });

  it('do not depend on how the samples are cut', () => {
    expect(melOf(samples, rate, cut(samples, 1, 700)).mel).toEqual(mel);
  });
});

it('keeps the newest 304 frames and counts those of a step', () => {
  const fine = new FineMel(plans, 16_000);
  const counts: number[][] = [];
  const last = new Float32Array(FINE_FRAMES * FINE_BANDS);
  for (let step = 0; step < 8; step++) {
    fine.push(sine(1000, 0.5, 16_000, 0.1 * (step + 1)));
    const { mel, frames, newFrames } = fine.end();
    counts.push([frames, newFrames]);
    last.set(mel);
  }
  expect(counts).toEqual([47, 97, 147, 197, 247, 297, 347, 397].map((n, i) => [n, i === 0 ? 47 : 50]));
  const loudest = (i: number) => Math.max(...last.subarray(i * FINE_BANDS, (i + 1) * FINE_BANDS));
  const frameOf = (i: number) => i + 397 - FINE_FRAMES; // every 50 frames, the sine grows
  for (let i = 10; i < FINE_FRAMES; i++) {
    if (frameOf(i) % 50 === 0) expect(loudest(i)).toBeGreaterThan(loudest(i - 10));
  }
});

it('continues from a saved state without a difference', () => {
  const samples = readS16('test/fixtures/mel/lena-22050.s16');
  const whole = melOf(samples, 22_050).mel;
  const first = new FineMel(plans, 22_050);
  first.push(samples.subarray(0, 7777));
  const second = new FineMel(plans, 22_050, structuredClone(first.state));
  second.push(samples.subarray(7777));
  const { mel, frames } = second.end();
  expect(mel.slice((FINE_FRAMES - frames) * FINE_BANDS)).toEqual(whole);
});

it('keeps finished frames when the format changes', () => {
  const before = new FineMel(plans, 16_000);
  before.push(new Float32Array(8000).fill(0.1));
  const { mel } = before.end();
  const after = new FineMel(plans, 48_000, structuredClone(before.state), false);
  after.push(new Float32Array(24_000).fill(0.1));
  const window = after.end();
  expect([window.frames, window.newFrames]).toEqual([94, 47]);
  const kept = window.mel.subarray((FINE_FRAMES - 94) * FINE_BANDS, (FINE_FRAMES - 47) * FINE_BANDS);
  expect(kept).toEqual(mel.subarray((FINE_FRAMES - 47) * FINE_BANDS));
});

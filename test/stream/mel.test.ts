import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadFft } from '../../src/stream/fft.ts';
import { MEL_BANDS, MelFrames } from '../../src/stream/mel.ts';
import { mixToMono } from '../../src/stream/mono.ts';
import { openSource } from '../../src/stream/sources/index.ts';
import { cut, readF32, readS16 } from '../support/audio.ts';
import { dataFolder } from '../support/data.ts';

// Made by test/fixtures/mel/make.py, whose head has the command.
const FIXTURES = 'test/fixtures/mel';
const plans = await loadFft();

/** [frames, MEL_BANDS] */
function melOf(
  samples: Float32Array,
  rate: number,
  chunks: Iterable<Float32Array> = [samples],
): Float32Array {
  const frames: number[] = [];
  const mel = new MelFrames(plans, rate);
  for (const chunk of chunks) mel.push(chunk, (frame) => frames.push(...frame));
  return Float32Array.from(frames);
}

/** Largest difference relative to the reference, over bands below `bands`; values under 0.01 count as 0.01. */
function worstRelative(got: Float32Array, wanted: Float32Array, bands = MEL_BANDS): number {
  expect(Math.abs(got.length - wanted.length)).toBeLessThanOrEqual(MEL_BANDS);
  let worst = 0;
  for (let i = 0; i < Math.min(got.length, wanted.length); i++) {
    if (i % MEL_BANDS >= bands) continue;
    worst = Math.max(worst, Math.abs(got[i]! - wanted[i]!) / Math.max(0.01, Math.abs(wanted[i]!)));
  }
  return worst;
}

describe.each([16_000, 22_050, 44_100, 48_000])('mel frames of a voice at %i Hz', (rate) => {
  const samples = readS16(join(FIXTURES, `lena-${rate}.s16`));
  const mel = melOf(samples, rate);

  it('equal the Fourier transform of the samples at their own rate', () => {
    expect(worstRelative(mel, readF32(join(FIXTURES, `lena-${rate}.dtft.f32`)))).toBeLessThan(1e-3);
  });

  it('equal librosa, after its resampler where the rate is another', () => {
    const wanted = readF32(join(FIXTURES, `lena-${rate}.f32`));
    // The resampler's own low-pass falls off in the top six bands (from 7.2 kHz), where ours does not;
    // below, 7.2e-4 was measured.
    const bands = rate === 16_000 ? MEL_BANDS : 90;
    expect(worstRelative(mel, wanted, bands)).toBeLessThan(1e-3);
  });

  it('do not depend on how the samples are cut', () => {
    expect(melOf(samples, rate, cut(samples, 1, 700))).toEqual(mel);
  });
});

describe.each([8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])('an offset (DC) at %i Hz', (rate) => {
  // At other rates than its own the voice is faster or slower, which does not matter here.
  const voice = readS16(join(FIXTURES, 'lena-44100.s16'));
  const shifted = (offset: number) =>
    melOf(
      voice.map((sample) => sample + offset),
      rate,
    );

  it.each([0.01, 0.1, -0.5])('of %f does not change mel frames', (offset) => {
    const got = shifted(offset);
    const wanted = shifted(0);
    expect(got.length).toBe(wanted.length);
    // Interpolation between bins is exact to 1e-5 of the offset's peak; 3.9e-3 was measured for 0.5, 7.8e-4 for 0.1.
    const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!)), 0);
    expect(worst).toBeLessThan(1e-4 + 0.01 * Math.abs(offset));
  });

  it('without music gives the frames of silence', () => {
    expect(Math.max(...melOf(new Float32Array(rate).fill(0.1), rate))).toBeLessThan(1e-3);
  });
});

it('continue from a saved state without a difference', () => {
  const samples = readS16(join(FIXTURES, 'lena-22050.s16'));
  const whole = melOf(samples, 22_050);
  const frames: number[] = [];
  const collect = (frame: Float32Array) => frames.push(...frame);
  const first = new MelFrames(plans, 22_050);
  first.push(samples.subarray(0, 7777), collect);
  new MelFrames(plans, 22_050, structuredClone(first.state)).push(samples.subarray(7777), collect);
  expect(Float32Array.from(frames)).toEqual(whole);
});

it('are silent above half the rate of a slow source', () => {
  const mel = melOf(readS16(join(FIXTURES, 'lena-16000.s16')), 8_000);
  const top = mel.filter((_, i) => i % MEL_BANDS > 76);
  expect(Math.max(...top)).toBe(0);
});

const clips = dataFolder('clips');
describe.skipIf(!clips)('mel frames of whole clips (UNDERTONE_DATA/clips)', () => {
  const golden: Record<string, { frames: number; every400th: number[][] }> = JSON.parse(
    readFileSync(join(FIXTURES, 'clips.json'), 'utf8'),
  );

  it.each(Object.keys(golden))('of %s equal librosa', async (name) => {
    const { frames, every400th } = golden[name]!;
    const got: Float32Array[] = [];
    let mel: MelFrames | undefined;
    let count = 0;
    const source = openSource(`file:${join(clips!, name)}`, { paced: false });
    for await (const chunk of source.open(new AbortController().signal)) {
      if (chunk.type !== 'audio') continue;
      mel ??= new MelFrames(plans, chunk.sampleRateHz);
      const mono = mixToMono(chunk.samples, chunk.channels, new Float32Array(chunk.samples.length));
      mel.push(mono, (frame) => {
        if (count++ % 400 === 0) got.push(frame.slice());
      });
    }
    expect(Math.abs(count - frames)).toBeLessThanOrEqual(1);
    for (const [i, wanted] of every400th.entries()) {
      expect(worstRelative(got[i]!, Float32Array.from(wanted), 88)).toBeLessThan(0.01);
    }
  });
});

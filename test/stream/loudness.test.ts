import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Loudness } from '../../src/stream/loudness.ts';
import { cut, readS16, sine } from '../support/audio.ts';

// Made by test/fixtures/mel/make.py with pyloudnorm.
const golden: Record<string, number[]> = JSON.parse(readFileSync('test/fixtures/mel/loudness.json', 'utf8'));

it('of a full-scale 997 Hz sine in one channel is -3.01 LUFS (BS.1770)', () => {
  const loudness = new Loudness({ sampleRateHz: 48_000, channels: 1 });
  loudness.push(sine(997, 1, 48_000, 1));
  expect(loudness.momentary).toBeCloseTo(-3.01, 2);
});

it.each(Object.keys(golden).map(Number))('equals pyloudnorm at %i Hz', (rate) => {
  const loudness = new Loudness({ sampleRateHz: rate, channels: 1 });
  const samples = readS16(`test/fixtures/mel/lena-${rate}.s16`);
  const half = Math.ceil(rate / 2);
  for (const [i, wanted] of golden[rate]!.entries()) {
    loudness.push(samples.subarray(i * half, (i + 1) * half));
    expect(loudness.momentary).toBeCloseTo(wanted, 3);
  }
});

it('adds up channels, and counts surround channels 1.5 dB more and the LFE not at all', () => {
  const mono = sine(997, 1, 48_000, 0.1);
  const only = (channel: number, channels: number) => {
    const samples = new Float32Array(mono.length * channels);
    for (const [i, value] of mono.entries()) samples[i * channels + channel] = value;
    const loudness = new Loudness({ sampleRateHz: 48_000, channels });
    loudness.push(samples);
    return loudness.momentary;
  };
  expect(only(1, 2)).toBeCloseTo(only(0, 1), 6);
  expect(only(4, 6) - only(0, 6)).toBeCloseTo(1.49, 2);
  expect(only(3, 6)).toBe(-Infinity);
});

it('does not depend on how the samples are cut, or on saving and restoring the state', () => {
  const samples = readS16('test/fixtures/mel/lena-22050.s16');
  const whole = new Loudness({ sampleRateHz: 22_050, channels: 1 });
  whole.push(samples);
  let pieces = new Loudness({ sampleRateHz: 22_050, channels: 1 });
  for (const piece of cut(samples, 1, 900)) {
    pieces.push(piece);
    pieces = new Loudness({ sampleRateHz: 22_050, channels: 1 }, structuredClone(pieces.state));
  }
  expect(pieces.momentary).toBeCloseTo(whole.momentary, 9);
});

it('of digital silence is minus infinity', () => {
  const loudness = new Loudness({ sampleRateHz: 8_000, channels: 2 });
  loudness.push(new Float32Array(16_000));
  expect(loudness.momentary).toBe(-Infinity);
});

it('of stereo, which has a kernel, is that of the same channels beside silent ones', () => {
  const stereo = readS16('test/fixtures/mel/lena-22050.s16').subarray(0, 40_000);
  const beside = new Float32Array(2 * stereo.length);
  for (let i = 0; i < stereo.length; i += 2) beside.set(stereo.subarray(i, i + 2), 2 * i);
  const [pair, four] = [2, 4].map((channels) => new Loudness({ sampleRateHz: 22_050, channels }));
  pair!.push(stereo);
  four!.push(beside);
  expect(pair!.momentary).toBe(four!.momentary);
  expect(pair!.energies[2]).toBe(four!.energies[4]);
  expect(pair!.state.filters).toEqual(four!.state.filters.subarray(0, 8));
});

import { expect, it } from 'vitest';
import { activeLevel, type Channel, randomChannel, transmit } from '../../../lab/activity/channel.ts';
import { MATERIAL_HZ } from '../../../lab/activity/material.ts';
import { Random } from '../../../lab/train/random.ts';
import { sine } from '../../support/audio.ts';

function transmitted(samples: Float32Array, channel: Channel): Float32Array {
  const out = samples.slice();
  transmit(out, channel, new Random(1));
  return out;
}

const tones = () => {
  const low = sine(100, 2, MATERIAL_HZ, 0.2);
  const middle = sine(1000, 2, MATERIAL_HZ, 0.2);
  const high = sine(6000, 2, MATERIAL_HZ, 0.2);
  return low.map((x, i) => x + middle[i]! + high[i]!);
};

/** Amplitude of a tone. */
function toneIn(samples: Float32Array, hz: number): number {
  let [re, im] = [0, 0];
  for (const [i, x] of samples.entries()) {
    re += x * Math.cos((2 * Math.PI * hz * i) / MATERIAL_HZ);
    im += x * Math.sin((2 * Math.PI * hz * i) / MATERIAL_HZ);
  }
  return (2 * Math.hypot(re, im)) / samples.length;
}

it('scales audio to the given level, without counting pauses', () => {
  const half = tones();
  half.fill(0, 0, half.length / 2);
  expect(20 * Math.log10(activeLevel(transmitted(half, { levelDb: -33 })))).toBeCloseTo(-33, 1);
});

it('limits the band to that of a telephone', () => {
  const out = transmitted(tones(), { lowCutHz: 300, highCutHz: 3400, levelDb: -20 });
  expect(toneIn(out, 100) / toneIn(out, 1000)).toBeLessThan(0.02);
  expect(toneIn(out, 6000) / toneIn(out, 1000)).toBeLessThan(0.1);
});

it('adds noise with the given signal-to-noise ratio', () => {
  const clean = sine(1000, 2, MATERIAL_HZ);
  for (const noiseSlope of [0, 3, 6] as const) {
    const out = transmitted(clean, { noiseDb: 10, noiseSlope, levelDb: -20 });
    const tone = toneIn(out, 1000) / Math.SQRT2;
    const noise = Math.sqrt(activeLevel(out) ** 2 - tone ** 2);
    expect(20 * Math.log10(tone / noise)).toBeCloseTo(10, 0);
  }
});

it('adds reverberation that decays', () => {
  const click = new Float32Array(MATERIAL_HZ);
  click.fill(0.5, 100, 140);
  const energy = (samples: Float32Array, from: number, to: number) =>
    samples.subarray(from, to).reduce((sum, x) => sum + x * x, 0);
  const out = transmitted(click, { reverbSeconds: 0.5, reverbRatio: 1, levelDb: -20 });
  expect(energy(out, 1600, 3200)).toBeGreaterThan(10 * energy(out, 6400, 8000));
  expect(energy(out, 1600, 3200)).toBeGreaterThan(0);
});

it('compresses level differences', () => {
  const samples = sine(500, 2, MATERIAL_HZ, 0.5);
  for (let i = MATERIAL_HZ; i < samples.length; i++) samples[i]! *= 0.1;
  const step = (out: Float32Array) =>
    20 *
    Math.log10(
      activeLevel(out.subarray(8_000, MATERIAL_HZ)) / activeLevel(out.subarray(MATERIAL_HZ + 8_000)),
    );
  expect(step(transmitted(samples, { levelDb: -20 }))).toBeCloseTo(20, 0);
  expect(step(transmitted(samples, { compression: 0.4, levelDb: -20 }))).toBeLessThan(12);
});

it('is reproducible from the seed, with every effect in 10 % to 90 % of the draws', () => {
  const draw = () => {
    const random = new Random(9);
    return Array.from({ length: 200 }, () => randomChannel(random));
  };
  const channels = draw();
  expect(draw()).toEqual(channels);
  for (const key of ['lowCutHz', 'highCutHz', 'reverbSeconds', 'compression', 'noiseDb'] as const) {
    const share = channels.filter((channel) => channel[key] !== undefined).length / 200;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.9);
  }
});

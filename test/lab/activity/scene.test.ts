import { expect, it } from 'vitest';
import { mixUnder, musicStretch, speechStretch } from '../../../lab/activity/broadcast.ts';
import { MATERIAL_HZ, type Material } from '../../../lab/activity/material.ts';
import { randomScene } from '../../../lab/activity/scene.ts';
import { Random } from '../../../lab/train/random.ts';
import { sameSamples } from '../../support/collect.ts';

/** Recordings with a constant value each, so that they can be recognized. */
function material(kind: Material['kind'], ...levels: number[]): Material {
  const recordings = levels.map((level) => new Int16Array(MATERIAL_HZ / 2).fill(level * 32768));
  return { name: `${kind}-${levels}`, kind, recordings, seconds: levels.length / 2 };
}

const share = (samples: Float32Array, level: number) =>
  samples.filter((x) => Math.abs(x - level) < 1e-4).length / samples.length;

it('makes continuous speech with pauses between the recordings', () => {
  const samples = speechStretch(material('speech', 0.25, 0.5), 30, new Random(1));
  expect(samples.length).toBe(30 * MATERIAL_HZ);
  expect(share(samples, 0.25) + share(samples, 0.5)).toBeGreaterThan(0.4);
  expect(share(samples, 0)).toBeGreaterThan(0.25);
  expect(share(samples, 0.25)).toBeGreaterThan(0.1);
});

it('makes music without gaps', () => {
  const samples = musicStretch(material('music', 0.25, 0.5), 10, new Random(1));
  expect(share(samples, 0)).toBe(0);
  const piece = musicStretch(material('music', 0.25), 0.2, new Random(1));
  expect(piece.length).toBe(0.2 * MATERIAL_HZ);
});

it('mixes audio below other audio by the given level difference', () => {
  const over = new Float32Array(MATERIAL_HZ).fill(0.5);
  mixUnder(over, new Float32Array(MATERIAL_HZ).fill(0.9), 20);
  expect(over[100]).toBeCloseTo(0.55, 5);
});

it('makes reproducible scenes of speech and music, without labels right after a change', () => {
  const all = [material('speech', 0.25), material('music', 0.5)];
  const draw = () => {
    const random = new Random(4);
    return Array.from({ length: 6 }, () => randomScene(all, 24, random));
  };
  const scenes = draw();
  for (const [i, { samples, labels }] of draw().entries()) {
    expect(labels).toEqual(scenes[i]!.labels);
    expect(sameSamples(samples, scenes[i]!.samples)).toBe(true);
  }
  const labels = scenes.flatMap((scene) => scene.labels);
  for (const { samples, labels } of scenes) {
    expect(samples.length).toBe(12 * MATERIAL_HZ);
    expect(samples.every(Number.isFinite)).toBe(true);
    expect(labels.slice(0, 2)).toEqual([undefined, undefined]);
    for (const [step, label] of labels.entries()) {
      const before = labels[step - 1];
      if (step > 0 && label && before) expect(label).toBe(before);
    }
  }
  for (const kind of ['speech', 'music']) {
    expect(labels.filter((label) => label === kind).length / labels.length).toBeGreaterThan(0.2);
  }
});

import { expect, test } from 'vitest';
import { type BoundaryExample, fitBoundary, scoreBoundaries } from '../../../lab/boundary/fit-boundary.ts';
import { Random } from '../../../lab/train/random.ts';
import { loadEngine } from '../../../src/model/engine.ts';

const INPUTS = 12;

/** Songs of 10 s with inputs of their own; the last half of the inputs is noise without a meaning. */
function sequences(count: number, random: Random): BoundaryExample[] {
  return Array.from({ length: count }, () => {
    const songs = Array.from({ length: 6 }, () =>
      Float32Array.from({ length: INPUTS }, () => random.normal()),
    );
    const rows = songs.flatMap((song) =>
      Array.from({ length: 20 }, () =>
        song.map((x, i) => (i < INPUTS / 2 ? x + 0.3 * random.normal() : 2 * random.normal())),
      ),
    );
    return { rows, boundaries: [10, 20, 30, 40, 50] };
  });
}

test('finds the boundaries of other sequences than it was fitted on', async () => {
  const { tf } = await loadEngine('cpu');
  const random = new Random(1);
  const before = tf.memory().numTensors;
  const detector = fitBoundary(tf, sequences(12, random));
  expect(tf.memory().numTensors).toBe(before);
  const { precision, recall, f1, delay } = scoreBoundaries(detector, sequences(12, random));
  expect(f1).toBeGreaterThan(0.85);
  expect(f1).toBeCloseTo((2 * precision * recall) / (precision + recall), 9);
  expect(delay).toBeGreaterThan(0);
  expect(delay).toBeLessThanOrEqual(3);
  const meaningful = detector.weights.slice(0, INPUTS / 2);
  const noise = detector.weights.slice(INPUTS / 2);
  expect(Math.min(...meaningful)).toBeGreaterThan(Math.max(...noise));
});

import { expect, test } from 'vitest';
import { Random } from '../../../../lab/train/random.ts';
import {
  boundaryProbability,
  REFRACTORY_STEPS,
  renewalOf,
} from '../../../../src/model/kinds/undertone/boundary.ts';
import { initialMeans, nextMeans, renewed } from '../../../../src/model/kinds/undertone/song-means.ts';

const detector = { bias: -4, weights: [4, 4], threshold: 0.5 };

/** Steps at which a detector finds a boundary. */
function detected(rows: readonly Float32Array[]): number[] {
  let state = initialMeans(2);
  return rows.flatMap((row, step) => {
    state = nextMeans(state, row);
    if (boundaryProbability(detector, state) < detector.threshold) return [];
    state = renewed(state, 1);
    return [step];
  });
}

test('a change that lasts is found once, soon after it', () => {
  const random = new Random(1);
  const rows = Array.from({ length: 120 }, (_, step) => {
    const level = step < 60 ? -1 : 1;
    return Float32Array.of(level + 0.2 * random.normal(), -level + 0.2 * random.normal());
  });
  const found = detected(rows);
  expect(found).toHaveLength(1);
  expect(found[0]).toBeGreaterThanOrEqual(60);
  expect(found[0]).toBeLessThanOrEqual(63);
});

test('a single odd step is no boundary, and none comes shortly after another', () => {
  const rows = Array.from({ length: 60 }, (_, step) => new Float32Array(2).fill(step === 30 ? 1.2 : 0));
  expect(detected(rows)).toEqual([]);
  const restless = Array.from({ length: 60 }, (_, step) => new Float32Array(2).fill(step % 6 < 3 ? 3 : -3));
  for (const [i, step] of detected(restless).entries()) {
    const before = detected(restless)[i - 1];
    if (before !== undefined) expect(step - before).toBeGreaterThan(REFRACTORY_STEPS - 1);
  }
});

test('a boundary takes effect continuously around the threshold, fully beyond it', () => {
  let state = initialMeans(2);
  for (let i = 0; i < 20; i++) state = nextMeans(state, new Float32Array(2));
  const at = (difference: number) => ({ ...state, short: new Float32Array(2).fill(difference) });
  // p = 1 / (1 + exp(4 - 8 d²)): .5 at d² = .5.
  const renewalAt = (difference: number) =>
    renewalOf(detector, boundaryProbability(detector, at(difference)));
  expect(renewalAt(Math.SQRT1_2)).toBeCloseTo(0.5, 5);
  expect(renewalAt(0)).toBe(0);
  expect(renewalAt(2)).toBe(1);
  expect(renewed(at(0), 0)).toEqual(at(0));
  expect(renewed(at(2), 1)).toEqual({ short: at(2).short, long: at(2).short, steps: 1 });
  const half = renewed(at(2), 0.5);
  expect(half.long[0]).toBeCloseTo(1, 6);
  expect(half.steps).toBeCloseTo((state.steps + 1) / 2, 6);
});

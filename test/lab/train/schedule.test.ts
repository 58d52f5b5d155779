import { expect, test } from 'vitest';
import { DEFAULT_TRAINING } from '../../../lab/train/options.ts';
import { afterEpoch, learningRateAt, NO_PLATEAU, type ScheduleOptions } from '../../../lab/train/schedule.ts';

const options = (changes: Partial<ScheduleOptions>): ScheduleOptions => ({
  ...DEFAULT_TRAINING,
  learningRate: 1,
  warmUp: 0.2,
  ...changes,
});

test('every schedule has a linear warm-up', () => {
  for (const schedule of ['cosine', 'constant', 'step', 'plateau'] as const) {
    expect(learningRateAt(options({ schedule }), 0.05, 1)).toBeCloseTo(0.25, 10);
    expect(learningRateAt(options({ schedule }), 0.2, 1)).toBeCloseTo(1, 10);
  }
});

test('cosine falls to a half in the middle and to 0 at the end', () => {
  const cosine = options({ schedule: 'cosine' });
  expect(learningRateAt(cosine, 0.6, 5)).toBeCloseTo(0.5, 10);
  expect(learningRateAt(cosine, 1, 9)).toBeCloseTo(0, 10);
});

test('step multiplies by stepFactor every stepEpochs', () => {
  const step = options({ schedule: 'step', stepEpochs: 10, stepFactor: 0.9 });
  const at = (epoch: number) => learningRateAt(step, 0.9, epoch);
  expect([at(1), at(10), at(11), at(21)].map((rate) => rate.toFixed(3))).toEqual([
    '1.000',
    '1.000',
    '0.900',
    '0.810',
  ]);
});

test('plateau lowers the rate every plateauEpochs without a better score', () => {
  const plateau = options({ schedule: 'plateau', plateauEpochs: 2, plateauFactor: 0.5 });
  let state = NO_PLATEAU;
  const rates = [0.1, 0.3, 0.2, 0.3, 0.4, 0.3, 0.3, 0.3, 0.3].map((score) => {
    state = afterEpoch(plateau, state, score);
    return learningRateAt(plateau, 0.9, 1, state);
  });
  expect(rates).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125]);
});

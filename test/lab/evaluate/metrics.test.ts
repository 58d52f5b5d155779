import { expect, test } from 'vitest';
import { classScores, confusionOf } from '../../../lab/evaluate/classification.ts';
import { axisScores, conformalQuantile, skill } from '../../../lab/evaluate/metrics.ts';
import { quadrantOf } from '../../../src/mood.ts';

const series = (predicted: number[], actual: number[]) => ({
  predicted: Float64Array.from(predicted),
  actual: Float64Array.from(actual),
});

test('scores a perfect prediction', () => {
  const scores = axisScores([series([0, 0.5, 1], [0, 0.5, 1])]);
  expect(scores).toMatchObject({ n: 3, rmse: 0, mae: 0, r2: 1 });
  expect(scores.ccc).toBeCloseTo(1, 12);
  expect(scores.songR).toBeCloseTo(1, 12);
});

test('agrees with figures computed by hand', () => {
  // Errors 1, -1, 1, 1: MSE 1. Labels have variance 5, predictions 4.1875, covariance 4.125.
  const scores = axisScores([series([1, 1, 5, 7], [0, 2, 4, 6])]);
  expect(scores.rmse).toBeCloseTo(1, 12);
  expect(scores.mae).toBeCloseTo(1, 12);
  expect(scores.r2).toBeCloseTo(0.8, 12);
  const varP = (2.5 ** 2 * 2 + 1.5 ** 2 + 3.5 ** 2) / 4;
  const cov = (-2.5 * -3 + -2.5 * -1 + 1.5 * 1 + 3.5 * 3) / 4;
  expect(scores.r).toBeCloseTo(cov / Math.sqrt(varP * 5), 12);
  expect(scores.ccc).toBeCloseTo((2 * cov) / (varP + 5 + 0.5 ** 2), 12);
});

test('a constant prediction of the mean has R² 0 and CCC 0', () => {
  const scores = axisScores([series([1, 1], [0, 2])]);
  expect(scores.r2).toBeCloseTo(0, 12);
  expect(scores.ccc).toBeCloseTo(0, 12);
});

test('r within songs ignores the level and leaves out constant songs', () => {
  const scores = axisScores([series([5, 6, 7], [0, 1, 2]), series([2, 1], [7, 8]), series([1, 2], [3, 3])]);
  expect(scores.songR).toBeCloseTo(0, 12); // mean of 1 and -1
});

test('skill is the share of the reference MSE that is removed', () => {
  expect(skill(1, 2)).toBeCloseTo(0.75, 12);
  expect(skill(2, 2)).toBe(0);
});

test('a conformal quantile accounts for the next value', () => {
  const values = Array.from({ length: 99 }, (_, i) => i + 1);
  expect(conformalQuantile(values, 0.9)).toBe(90);
  expect(conformalQuantile([3, 1, 2], 0.9)).toBe(3);
});

test('numbers and scores the quadrants of the circumplex', () => {
  expect([quadrantOf(-1, -1), quadrantOf(1, -1), quadrantOf(-1, 1), quadrantOf(1, 1)]).toEqual([0, 1, 2, 3]);
  const { accuracy, f1 } = classScores(confusionOf([3, 3, 0, 0], [3, 3, 0, 3]));
  expect({ accuracy, macroF1: f1 }).toEqual({ accuracy: 0.75, macroF1: (0.8 + 2 / 3) / 2 });
});

import { type Calibration, calibratedSd } from '../../src/model/calibration.ts';
import type { Axis } from '../../src/types.ts';
import { type SeparationScores, separationScores } from '../evaluate/axis-separation.ts';
import { type Coverage, coverageOf } from '../evaluate/coverage.ts';
import { scoresOverTime, type TimeScores } from '../evaluate/over-time.ts';
import { byClip, type ScoredStep } from '../evaluate/scored-steps.ts';
import { calibrateOnSteps } from './calibrate.ts';

/** What a protocol reports beside RMSE, R², CCC and r. */
export interface FoldDetails {
  readonly separation: SeparationScores;
  readonly coverage: Readonly<Record<Axis, Coverage>>;
  readonly overTime: readonly TimeScores[];
}

/** @param steps of a fold or of several, with the standard deviations whose intervals are evaluated */
export function foldDetails(steps: readonly ScoredStep[]): FoldDetails {
  return {
    separation: separationScores(byClip(steps)),
    coverage: coverageOfAxes(steps),
    overTime: scoresOverTime(steps),
  };
}

export function coverageOfAxes(steps: readonly ScoredStep[]): Record<Axis, Coverage> {
  return { valence: coverageOf(steps, 'valence'), arousal: coverageOf(steps, 'arousal') };
}

/**
 * The steps of each fold with standard deviations that are calibrated on the other folds, as `calibrate` does it on
 * songs outside the training set (cross-conformal prediction, Vovk 2015). A single fold stays uncalibrated.
 */
export function crossCalibrate(folds: readonly (readonly ScoredStep[])[]): ScoredStep[][] {
  if (folds.length < 2) return folds.map((steps) => [...steps]);
  return folds.map((steps) => {
    const others = folds.filter((fold) => fold !== steps).flat();
    return calibrated(steps, calibrateOnSteps(others));
  });
}

/** The steps with calibrated standard deviations. */
export function calibrated(
  steps: readonly ScoredStep[],
  calibration: Pick<Calibration, 'sdScale' | 'sdPower' | 'sdNovelty'>,
): ScoredStep[] {
  return steps.map((step) => {
    const { sd, novelty = 0 } = step;
    const ofAxis = (axis: Axis) => calibratedSd(sd[axis], novelty, axis, calibration);
    return { ...step, sd: { valence: ofAxis('valence'), arousal: ofAxis('arousal') } };
  });
}

/** The mean of each number in objects of the same shape; NaN where one has none. */
export function meanOf<T>(all: readonly T[]): T {
  const [first] = all;
  if (typeof first === 'number')
    return (all.reduce((sum, x) => sum + Number(x), 0) / all.length) as unknown as T;
  if (Array.isArray(first))
    return first.map((_, i) => meanOf(all.map((x) => (x as unknown[])[i]))) as unknown as T;
  const keys = Object.keys(first as object) as (keyof T)[];
  return Object.fromEntries(keys.map((key) => [key, meanOf(all.map((x) => x[key]))])) as T;
}

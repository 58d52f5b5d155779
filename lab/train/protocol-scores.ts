import { calibratedSd } from '../../src/model/calibration.ts';
import { AXES, type Axis } from '../../src/types.ts';
import { type SeparationScores, separationScores } from '../evaluate/axis-separation.ts';
import { type Coverage, coverageOf } from '../evaluate/coverage.ts';
import { scoresOverTime, type TimeScores } from '../evaluate/over-time.ts';
import { byClip, type ScoredStep } from '../evaluate/scored-steps.ts';
import { spreadOf } from './calibrate.ts';

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
    coverage: { valence: coverageOf(steps, AXES[0]), arousal: coverageOf(steps, AXES[1]) },
    overTime: scoresOverTime(steps),
  };
}

/**
 * The steps of each fold with standard deviations that are calibrated on the other folds, as `calibrate` does it on
 * songs outside the training set (cross-conformal prediction, Vovk 2015). A single fold stays uncalibrated.
 */
export function crossCalibrate(folds: readonly (readonly ScoredStep[])[]): ScoredStep[][] {
  if (folds.length < 2) return folds.map((steps) => [...steps]);
  return folds.map((steps) => {
    const others = folds.filter((fold) => fold !== steps).flat();
    const spread = { valence: spreadOfSteps(others, 'valence'), arousal: spreadOfSteps(others, 'arousal') };
    const calibration = {
      sdScale: { valence: spread.valence.scale, arousal: spread.arousal.scale },
      sdPower: { valence: spread.valence.power, arousal: spread.arousal.power },
    };
    const calibrated = (sd: ScoredStep['sd']) => ({
      valence: calibratedSd(sd.valence, 'valence', calibration),
      arousal: calibratedSd(sd.arousal, 'arousal', calibration),
    });
    return steps.map((step) => ({ ...step, sd: calibrated(step.sd) }));
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

function spreadOfSteps(steps: readonly ScoredStep[], axis: Axis) {
  return spreadOf(
    steps.map(({ label, predicted, sd }) => ({
      error: Math.abs(predicted[axis] - label[axis]),
      sd: sd[axis],
    })),
  );
}

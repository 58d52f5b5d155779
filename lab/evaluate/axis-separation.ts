import { AXES, type Axis } from '../../src/types.ts';
import { decorrelatingWeights, type LabelMean } from '../train/decorrelate.ts';
import { correlation } from './metrics.ts';

/** Label and prediction of one step. */
interface Step {
  readonly label: Readonly<Record<Axis, number>>;
  readonly predicted: Readonly<Record<Axis, number>>;
}

/** How far a model predicts valence itself, and not only what goes with arousal. */
export interface SeparationScores {
  /** Partial correlation of predicted and rated valence, with the rated arousal removed from both by regression. */
  readonly partialR: number;
  /** Pearson's r of predicted valence and predicted arousal. */
  readonly predictedR: number;
  /** The same of the labels. */
  readonly labelR: number;
  /** R² with clips weighted so that rated valence and arousal are uncorrelated over them. */
  readonly weightedR2: Readonly<Record<Axis, number>>;
}

/** All steps of all clips are pooled. @param clips the steps of each clip, at least one each */
export function separationScores(clips: readonly (readonly Step[])[]): SeparationScores {
  const steps = clips.flat();
  const series = (of: (step: Step) => number) => Float64Array.from(steps, of);
  const predicted = { v: series((s) => s.predicted.valence), a: series((s) => s.predicted.arousal) };
  const rated = { v: series((s) => s.label.valence), a: series((s) => s.label.arousal) };
  const weights = decorrelatingWeights(clips.map(meanLabel));
  const labelR = correlation(rated.v, rated.a);
  return {
    partialR: partialCorrelation(
      correlation(predicted.v, rated.v),
      correlation(predicted.v, rated.a),
      labelR,
    ),
    predictedR: correlation(predicted.v, predicted.a),
    labelR,
    weightedR2: {
      valence: weightedR2(clips, weights, AXES[0]),
      arousal: weightedR2(clips, weights, AXES[1]),
    },
  };
}

/**
 * Correlation of x and y with z held fixed: that of the residuals of their linear regressions on z (Yule 1907).
 *
 * @param xy, xz, yz Pearson's r of each pair
 */
export function partialCorrelation(xy: number, xz: number, yz: number): number {
  return (xy - xz * yz) / Math.sqrt((1 - xz ** 2) * (1 - yz ** 2));
}

/** 1 − Σ w (label − prediction)² / Σ w (label − weighted mean label)². */
function weightedR2(clips: readonly (readonly Step[])[], weights: Float64Array, axis: Axis): number {
  const sum = (of: (step: Step) => number) =>
    clips.reduce((all, steps, i) => all + weights[i]! * steps.reduce((one, step) => one + of(step), 0), 0);
  const mean = sum(({ label }) => label[axis]) / sum(() => 1);
  const errors = sum(({ label, predicted }) => (label[axis] - predicted[axis]) ** 2);
  return 1 - errors / sum(({ label }) => (label[axis] - mean) ** 2);
}

function meanLabel(steps: readonly Step[]): LabelMean {
  const mean = (axis: Axis) => steps.reduce((sum, { label }) => sum + label[axis], 0) / steps.length;
  return [mean('valence'), mean('arousal')];
}

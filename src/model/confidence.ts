import type { Calibration } from './calibration.ts';

/**
 * How much the model claims to know, 0 … 1: the share of the labels' variance that it expects to
 * explain, 1 − (sd / labelSd)², as the mean of both axes; lessened in proportion where the sound lies
 * further from anything in training than 99 % of the training data did.
 *
 * @param novelty mean square of the standardised input
 */
export function confidenceOf(
  valenceSd: number,
  arousalSd: number,
  novelty: number,
  { labelSd, familiar }: Calibration,
): number {
  const unexplained = ((valenceSd / labelSd.valence) ** 2 + (arousalSd / labelSd.arousal) ** 2) / 2;
  return Math.max(0, 1 - unexplained) * Math.min(1, familiar / novelty);
}

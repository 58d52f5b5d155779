import { z } from 'zod';
import type { Axis } from '../types.ts';

const axes = z.strictObject({ valence: z.number(), arousal: z.number() });
const positiveAxes = z.strictObject({ valence: z.number().positive(), arousal: z.number().positive() });

/**
 * The `calibration` of a `model.json`, measured on songs outside the training set so that predicted errors match the
 * observed ones.
 */
export const calibrationSchema = z.object({
  /**
   * The network's standard deviations become `sdScale · sd ^ sdPower`, so that |error| ≤ 1.645 sd in 90 % of steps at
   * any predicted sd. A power of 0 would mean that the predicted standard deviations carry no information.
   */
  sdScale: positiveAxes,
  sdPower: axes.default({ valence: 1, arousal: 1 }),
  /** Standard deviation of the training labels: the error of always predicting their mean. */
  labelSd: positiveAxes,
  labelMean: axes,
  /** 99th percentile of the training steps' novelty, the mean square of the standardized input. */
  familiar: z.number().positive(),
});

export type Calibration = z.infer<typeof calibrationSchema>;

/** The network's standard deviation → the calibrated one. */
export function calibratedSd(
  sd: number,
  axis: Axis,
  { sdScale, sdPower }: Pick<Calibration, 'sdScale' | 'sdPower'>,
): number {
  return sdScale[axis] * sd ** sdPower[axis];
}

/**
 * The model's confidence, 0 … 1: the share of the labels' variance that it expects to explain, 1 − (sd / labelSd)²,
 * averaged over both axes. It is reduced in proportion if the input is more novel than 99 % of the training data.
 *
 * @param novelty mean square of the standardized input
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

import { z } from 'zod';
import type { Axis } from '../types.ts';

const axes = z.strictObject({ valence: z.number(), arousal: z.number() });
const positiveAxes = z.strictObject({ valence: z.number().positive(), arousal: z.number().positive() });
const nonNegativeAxes = z.strictObject({
  valence: z.number().nonnegative(),
  arousal: z.number().nonnegative(),
});

/**
 * The `calibration` of a `model.json`, measured on songs outside the training set so that predicted errors match the
 * observed ones.
 */
const fields = z.object({
  /**
   * The network's standard deviations become `sdScale · sd ^ sdPower · (1 + sdNovelty · novelty)`, so that |error| ≤
   * 1.645 sd in 90 % of steps at any predicted sd and any novelty. A power of 0 would mean that the predicted standard
   * deviations carry no information.
   */
  sdScale: positiveAxes,
  sdPower: axes.default({ valence: 1, arousal: 1 }),
  sdNovelty: nonNegativeAxes.default({ valence: 0, arousal: 0 }),
  /** Standard deviation of the training labels: the error of always predicting their mean. */
  labelSd: positiveAxes,
  labelMean: axes,
  /** 99th percentile of the novelty of the songs that were calibrated on. */
  noveltyP99: z.number().positive(),
});

/** Older models have `familiar` instead of `noveltyP99`. */
export const calibrationSchema = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null || !('familiar' in value)) return value;
  const { familiar, ...rest } = value;
  return { noveltyP99: familiar, ...rest };
}, fields);

export type Calibration = z.infer<typeof calibrationSchema>;

/**
 * The network's standard deviation → the calibrated one.
 *
 * @param novelty how unlike the training data the sound is, from 0; its unit depends on the kind of model
 */
export function calibratedSd(
  sd: number,
  novelty: number,
  axis: Axis,
  { sdScale, sdPower, sdNovelty }: Pick<Calibration, 'sdScale' | 'sdPower' | 'sdNovelty'>,
): number {
  return sdScale[axis] * sd ** sdPower[axis] * (1 + sdNovelty[axis] * novelty);
}

/**
 * The model's confidence, 0 … 1: the share of the labels' variance that it expects to explain, 1 − (sd / labelSd)²,
 * averaged over both axes. It is reduced in proportion if the input is more novel than 99 % of the songs that were
 * calibrated on.
 *
 * @param novelty as of `calibratedSd`
 */
export function confidenceOf(
  valenceSd: number,
  arousalSd: number,
  novelty: number,
  { labelSd, noveltyP99 }: Calibration,
): number {
  const unexplained = ((valenceSd / labelSd.valence) ** 2 + (arousalSd / labelSd.arousal) ** 2) / 2;
  return Math.max(0, 1 - unexplained) * Math.min(1, noveltyP99 / novelty);
}

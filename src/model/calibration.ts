import { z } from 'zod';
import { type Axis, FORECAST_HORIZONS } from '../types.ts';

/** One number for each axis. */
const axes = z.strictObject({ valence: z.number(), arousal: z.number() });
const positiveAxes = z.strictObject({ valence: z.number().positive(), arousal: z.number().positive() });

/**
 * What was measured on songs the network did not learn from, so that its claims about its own errors
 * hold: see train/calibrate.ts.
 */
export const calibrationSchema = z.strictObject({
  /**
   * The network's standard deviations become `sdScale · sd ^ sdPower`: |error| ≤ 1.645 sd in 90 % of steps,
   * where it is sure as where it doubts. 0 would mean that its doubts say nothing.
   */
  sdScale: positiveAxes,
  sdPower: axes.default({ valence: 1, arousal: 1 }),
  /** How much of the change that the network expects up to each horizon comes true, 0 to 1. */
  changeScale: z
    .array(axes)
    .length(FORECAST_HORIZONS.length)
    .default(FORECAST_HORIZONS.map(() => ({ valence: 1, arousal: 1 }))),
  /** Half the width of a forecast's 90 % interval, in calibrated standard deviations; one for each horizon. */
  forecastWidth: z.array(positiveAxes).length(FORECAST_HORIZONS.length),
  /** Spread of the training labels: what someone who hears nothing must expect as error. */
  labelSd: positiveAxes,
  labelMean: axes,
  /** Mean square of the standardised input that 99 % of training steps stay under. */
  familiar: z.number().positive(),
});

export type Calibration = z.infer<typeof calibrationSchema>;

/** The standard deviation that the network says → the one that holds. */
export function calibratedSd(
  sd: number,
  axis: Axis,
  { sdScale, sdPower }: Pick<Calibration, 'sdScale' | 'sdPower'>,
): number {
  return sdScale[axis] * sd ** sdPower[axis];
}

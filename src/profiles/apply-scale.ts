import type { Forecast, ModelOutput } from '../types.ts';
import type { AxisScale, Scale } from './profile.ts';

/**
 * A prediction on the scale of a profile: values, ends of intervals and forecasts become offset + slope · x, limited
 * to [-1, 1], and standard deviations slope · sd. `confidence` stays: it compares the standard deviation with that of
 * the labels, and both have the same slope.
 */
export function applyScale(scale: Scale, output: ModelOutput): ModelOutput {
  return {
    ...output,
    valence: scaled(scale.valence, output.valence),
    arousal: scaled(scale.arousal, output.arousal),
    valenceSd: scale.valence.slope * output.valenceSd,
    arousalSd: scale.arousal.slope * output.arousalSd,
    forecast: output.forecast.map((one) => scaledForecast(scale, one)),
  };
}

function scaledForecast({ valence, arousal }: Scale, one: Forecast): Forecast {
  return {
    horizon: one.horizon,
    valence: scaled(valence, one.valence),
    arousal: scaled(arousal, one.arousal),
    valenceLow: scaledEnd(valence, one.valenceLow),
    valenceHigh: scaledEnd(valence, one.valenceHigh),
    arousalLow: scaledEnd(arousal, one.arousalLow),
    arousalHigh: scaledEnd(arousal, one.arousalHigh),
  };
}

/** offset + slope · x, in [-1, 1]. */
export function scaled({ offset, slope }: AxisScale, x: number): number {
  return Math.max(-1, Math.min(1, offset + slope * x));
}

/** An interval that was cut off at the end of the axis still ends there, else it would become too narrow. */
function scaledEnd(scale: AxisScale, x: number): number {
  return Math.abs(x) >= 1 ? x : scaled(scale, x);
}

/** The reading that `scaled` turned into `y`, in [-1, 1]; exact unless `y` is at the end of the axis. */
export function unscaled({ offset, slope }: AxisScale, y: number): number {
  return Math.max(-1, Math.min(1, (y - offset) / slope));
}

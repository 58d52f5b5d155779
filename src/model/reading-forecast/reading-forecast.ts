import { z } from 'zod';
import { FORECAST_HORIZONS, type Forecast } from '../../types.ts';
import { clamp } from '../forecast.ts';
import { HISTORY_STEPS, type History, MEANS, readingAgo } from './history.ts';

/** Steps back of the readings from which the present one is subtracted. */
const LAGS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 39] as const;
/** Steps over which the movement of the reading is measured: 10 s. */
const MOVEMENT_STEPS = 20;
const AXES = [0, 1] as const;

/**
 * Inputs of the forecast: the differences of the reading from the past and from its means. Where it stands is none of them, as
 * collections of music differ in that.
 */
export const FORECAST_INPUTS: number = 2 * (LAGS.length + MEANS);

const axes = z.strictObject({
  /** [FORECAST_INPUTS] weights of the expected change. */
  weights: z.array(z.number()).length(FORECAST_INPUTS),
  /** Half the width of the 90 % interval is `width` · movement ^ `power`. */
  width: z.number().positive(),
  power: z.number().min(0),
});

/**
 * The `forecast` of a model.json: a linear autoregression of the model's own readings, fitted by
 * `undertone train-forecast` on music without labels.
 */
export const readingForecastSchema = z.strictObject({
  /** Of the horizons, in the order of FORECAST_HORIZONS. */
  horizons: z.array(z.strictObject({ valence: axes, arousal: axes })).length(FORECAST_HORIZONS.length),
  /** The smallest movement, of valence and arousal: a reading that stood still can still move. */
  leastMovement: z.strictObject({ valence: z.number().positive(), arousal: z.number().positive() }),
});

export type ReadingForecast = z.infer<typeof readingForecastSchema>;

/**
 * The inputs for the newest reading of a history: [FORECAST_INPUTS]. They fade in over the first 20 s of a stream: as long
 * as a reading moves because it learns more of the music, and not because the music changes, its past reveals little.
 */
export function forecastInputs(history: History): Float32Array {
  const inputs = new Float32Array(FORECAST_INPUTS);
  const age = Math.min(1, history.count / HISTORY_STEPS);
  let at = 0;
  for (const axis of AXES) {
    const now = readingAgo(history, axis, 0);
    for (const lag of LAGS) inputs[at++] = age * (now - readingAgo(history, axis, lag));
    for (let i = 0; i < MEANS; i++) inputs[at++] = age * (now - history.means[2 * i + axis]!);
  }
  return inputs;
}

/** Mean absolute change from step to step over the last 10 s. */
export function movementOf(history: History, axis: number): number {
  const steps = Math.min(MOVEMENT_STEPS, history.count - 1);
  if (steps < 1) return 0;
  let sum = 0;
  for (let ago = 0; ago < steps; ago++) {
    sum += Math.abs(readingAgo(history, axis, ago) - readingAgo(history, axis, ago + 1));
  }
  return sum / steps;
}

/** The expected readings at each horizon, with 90 % intervals of those readings. */
export function forecastReadings(forecast: ReadingForecast, history: History): Forecast[] {
  const inputs = forecastInputs(history);
  const { leastMovement } = forecast;
  const movement = [
    Math.max(leastMovement.valence, movementOf(history, 0)),
    Math.max(leastMovement.arousal, movementOf(history, 1)),
  ] as const;
  return FORECAST_HORIZONS.map((horizon, i) => {
    const { valence, arousal } = forecast.horizons[i]!;
    const v = clamp(readingAgo(history, 0, 0) + dot(valence.weights, inputs));
    const a = clamp(readingAgo(history, 1, 0) + dot(arousal.weights, inputs));
    const valenceReach = valence.width * movement[0] ** valence.power;
    const arousalReach = arousal.width * movement[1] ** arousal.power;
    return {
      horizon,
      valence: v,
      arousal: a,
      valenceLow: clamp(v - valenceReach),
      valenceHigh: clamp(v + valenceReach),
      arousalLow: clamp(a - arousalReach),
      arousalHigh: clamp(a + arousalReach),
    };
  });
}

/** The expected change: the weighted sum of the inputs. */
export function dot(weights: readonly number[], inputs: Float32Array): number {
  let sum = 0;
  for (const [i, weight] of weights.entries()) sum += weight * inputs[i]!;
  return sum;
}

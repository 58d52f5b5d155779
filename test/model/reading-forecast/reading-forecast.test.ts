import { expect, test } from 'vitest';
import {
  HISTORY_STEPS,
  type History,
  historyOf,
  historyState,
  NO_HISTORY,
  nextHistory,
  readingAgo,
} from '../../../src/model/reading-forecast/history.ts';
import {
  FORECAST_INPUTS,
  forecastInputs,
  forecastReadings,
  movementOf,
  type ReadingForecast,
  readingForecastSchema,
} from '../../../src/model/reading-forecast/reading-forecast.ts';
import { FORECAST_HORIZONS } from '../../../src/types.ts';

const axis = (weights: number[]) => ({ weights, width: 2, power: 0.5 });
const zeros = new Array<number>(HISTORY_STEPS).fill(0);
const nothing = new Array<number>(FORECAST_INPUTS).fill(0);

function forecastWith(weights: number[]): ReadingForecast {
  return readingForecastSchema.parse({
    horizons: FORECAST_HORIZONS.map(() => ({ valence: axis(weights), arousal: axis(nothing) })),
    leastMovement: { valence: 0.0025, arousal: 0.01 },
  });
}

function historyFrom(valences: readonly number[]): History {
  return valences.reduce((history, valence) => nextHistory(history, valence, -valence), NO_HISTORY);
}

test('a history keeps the last 20 s, and means of all', () => {
  const history = historyFrom(Array.from({ length: 50 }, (_, i) => i / 100));
  expect(history.readings).toHaveLength(2 * HISTORY_STEPS);
  expect(history.count).toBe(50);
  // Over 5 min the mean of all so far, over 15 s a leaky one.
  expect(history.means[6]).toBeCloseTo(0.245, 5);
  expect(history.means[0]).toBeGreaterThan(0.26);
  expect(history.means[1]).toBeCloseTo(-history.means[0]!, 6);
  expect(readingAgo(history, 0, 0)).toBeCloseTo(0.49, 6);
  expect(readingAgo(history, 1, 39)).toBeCloseTo(-0.1, 6);
});

test('before the first reading, the past is the first reading', () => {
  const history = historyFrom([0.2, 0.3]);
  expect(readingAgo(history, 0, 30)).toBeCloseTo(0.2, 6);
  expect(forecastInputs(historyFrom([0.4]))).toEqual(new Float32Array(FORECAST_INPUTS));
});

test('a history can be saved and restored', () => {
  const history = historyFrom([0.1, -0.4, 0.3]);
  expect(historyOf(historyState(history))).toEqual(history);
  expect(historyOf({ history: new Float32Array(3) })).toBeUndefined();
});

test('the forecast is the reading and the expected change; intervals widen with the movement', () => {
  const weights = [...nothing];
  weights[0] = -0.5; // of the difference from one step before, valence
  const history = historyFrom([...zeros, 0.1, 0.2]);
  const forecast = forecastReadings(forecastWith(weights), history);
  expect(forecast.map(({ horizon }) => horizon)).toEqual([...FORECAST_HORIZONS]);
  expect(movementOf(history, 0)).toBeCloseTo(0.01, 6);
  for (const { valence, arousal, valenceHigh, valenceLow } of forecast) {
    expect(valence).toBeCloseTo(0.15, 6);
    expect(arousal).toBeCloseTo(-0.2, 6);
    expect(valenceHigh - valence).toBeCloseTo(2 * Math.sqrt(0.01), 5);
    expect(valence - valenceLow).toBeCloseTo(2 * Math.sqrt(0.01), 5);
  }
  const still = forecastReadings(forecastWith(nothing), historyFrom([0.5, 0.5]));
  expect(still[0]!.valenceHigh).toBeCloseTo(0.5 + 2 * Math.sqrt(0.0025), 6);
});

test('a young stream expects less change', () => {
  const weights = [...nothing];
  weights[0] = -0.5;
  const [first] = forecastReadings(forecastWith(weights), historyFrom([0, 0.1, 0.2]));
  expect(first!.valence).toBeCloseTo(0.2 - (3 / HISTORY_STEPS) * 0.05, 6);
});

test('forecasts stay in [-1, 1]', () => {
  const weights = [...nothing];
  weights[0] = 3;
  const [first] = forecastReadings(forecastWith(weights), historyFrom([...zeros, 0.9]));
  expect(first).toMatchObject({ valence: 1, valenceHigh: 1 });
});

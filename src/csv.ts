import type { EmotionFrame, Forecast } from './types.ts';
import { FORECAST_HORIZONS } from './types.ts';

const FIELDS = [
  'stream',
  'seq',
  't',
  'time',
  'valence',
  'arousal',
  'valenceSd',
  'arousalSd',
  'mood',
  'loudness',
  'activity',
  'confidence',
  'latencyMs',
] as const satisfies readonly (keyof EmotionFrame)[];

export const FORECAST_FIELDS = [
  'valence',
  'arousal',
  'valenceLow',
  'valenceHigh',
  'arousalLow',
  'arousalHigh',
] as const satisfies readonly (keyof Forecast)[];

/** The columns of an emotion frame in CSV: its fields, then those of each forecast as `valence+0.5s`. */
export function csvHeader(withForecast = true): string {
  if (!withForecast) return FIELDS.join(',');
  const forecasts = FORECAST_HORIZONS.flatMap((horizon) =>
    FORECAST_FIELDS.map((field) => `${field}+${horizon}s`),
  );
  return [...FIELDS, ...forecasts].join(',');
}

/** A frame as one line; what is null is empty. No field of a frame can hold a comma or a quote. */
export function csvRow(frame: EmotionFrame, withForecast = true): string {
  const fields = FIELDS.map((field) => frame[field] ?? '');
  if (!withForecast) return fields.join(',');
  const forecasts = FORECAST_HORIZONS.flatMap((horizon) => {
    const forecast = frame.forecast.find((one) => one.horizon === horizon);
    return FORECAST_FIELDS.map((field) => forecast?.[field] ?? '');
  });
  return [...fields, ...forecasts].join(',');
}

import { FORECAST_FIELDS } from '../../csv.ts';
import { MOODS } from '../../mood.ts';
import { type EmotionFrame, FORECAST_HORIZONS } from '../../types.ts';
import type { EmotionBucket } from '../log/history.ts';

export interface ParquetColumn<T> {
  readonly name: string;
  readonly type: 'DOUBLE' | 'INT32' | 'STRING' | 'TIMESTAMP';
  readonly nullable: boolean;
  readonly of: (row: T) => number | string | Date | null;
}

const number = <T>(name: string, of: (row: T) => number | null): ParquetColumn<T> => ({
  name,
  type: 'DOUBLE',
  nullable: true,
  of,
});

/** Columns as in CSV, under the same names; `time` is a timestamp. */
export function frameColumns(withForecast: boolean): ParquetColumn<EmotionFrame>[] {
  const forecasts = FORECAST_HORIZONS.flatMap((horizon) =>
    FORECAST_FIELDS.map((field) =>
      number<EmotionFrame>(
        `${field}+${horizon}s`,
        (frame) => frame.forecast.find((one) => one.horizon === horizon)?.[field] ?? null,
      ),
    ),
  );
  return [
    { name: 'stream', type: 'STRING', nullable: false, of: (frame) => frame.stream },
    { name: 'seq', type: 'INT32', nullable: false, of: (frame) => frame.seq },
    { name: 't', type: 'DOUBLE', nullable: false, of: (frame) => frame.t },
    { name: 'time', type: 'TIMESTAMP', nullable: false, of: (frame) => new Date(frame.time) },
    number('valence', (frame) => frame.valence),
    number('arousal', (frame) => frame.arousal),
    number('valenceSd', (frame) => frame.valenceSd),
    number('arousalSd', (frame) => frame.arousalSd),
    { name: 'mood', type: 'STRING', nullable: true, of: (frame) => frame.mood },
    number('loudness', (frame) => frame.loudness),
    { name: 'activity', type: 'STRING', nullable: false, of: (frame) => frame.activity },
    number('confidence', (frame) => frame.confidence),
    number('latencyMs', (frame) => frame.latencyMs),
    ...(withForecast ? forecasts : []),
  ];
}

export function bucketColumns(): ParquetColumn<EmotionBucket>[] {
  return [
    { name: 'time', type: 'TIMESTAMP', nullable: false, of: (bucket) => new Date(bucket.time) },
    { name: 'frames', type: 'INT32', nullable: false, of: (bucket) => bucket.frames },
    number('valence', (bucket) => bucket.valence),
    number('valenceSd', (bucket) => bucket.valenceSd),
    number('valenceMin', (bucket) => bucket.valenceMin),
    number('valenceMax', (bucket) => bucket.valenceMax),
    number('arousal', (bucket) => bucket.arousal),
    number('arousalSd', (bucket) => bucket.arousalSd),
    number('arousalMin', (bucket) => bucket.arousalMin),
    number('arousalMax', (bucket) => bucket.arousalMax),
    number('loudness', (bucket) => bucket.loudness),
    number('confidence', (bucket) => bucket.confidence),
    number('music', (bucket) => bucket.music),
    number('speech', (bucket) => bucket.speech),
    number('silence', (bucket) => bucket.silence),
    ...MOODS.map((mood) => number<EmotionBucket>(mood, (bucket) => bucket.moods[mood] ?? null)),
  ];
}

import { z } from 'zod';
import { time } from '../util/schemas.ts';

/** Lengths of buckets in ms; undefined for single steps. */
export const RESOLUTIONS = {
  step: undefined,
  '1s': 1_000,
  '10s': 10_000,
  '1m': 60_000,
  '10m': 600_000,
  '1h': 3_600_000,
  '1d': 86_400_000,
} as const;

export type Resolution = keyof typeof RESOLUTIONS;

const resolutions = Object.keys(RESOLUTIONS) as [Resolution, ...Resolution[]];

/** Query parameters for the frames of any range. */
export const framesQuery = z.object({
  resolution: z
    .enum(resolutions, `expected one of ${resolutions.join(', ')}`)
    .default('step')
    .meta({
      description: '`step`: the frames as they were emitted; otherwise means over buckets of this length.',
    }),
  format: z
    .enum(['json', 'csv', 'ndjson', 'parquet'], 'expected json or csv, ndjson or parquet')
    .default('json'),
  forecast: z
    .enum(['yes', 'no'], 'expected yes or no')
    .default('yes')
    .meta({ description: '`no`: without forecasts, a third of the size.' }),
  limit: z.coerce
    .number('expected a number')
    .int('expected a whole number')
    .min(1, 'expected at least 1')
    .max(10_000_000, 'expected at most 10000000')
    .optional(),
});

export type FramesQuery = z.input<typeof framesQuery>;
export type CheckedFramesQuery = z.output<typeof framesQuery>;

/** Query of `GET /v1/streams/:name/emotions`. */
export const emotionsQuery = z.object({
  from: time.optional().meta({ description: 'Start, inclusive; default: an hour before `to`.' }),
  to: time.optional().meta({ description: 'End, exclusive; default: now.' }),
  ...framesQuery.shape,
});

export type CheckedEmotionsQuery = z.output<typeof emotionsQuery>;

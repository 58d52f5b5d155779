import { z } from 'zod';
import { time } from '../util/schemas.ts';

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

/** What is asked of a range of frames, whatever names the range. */
export const framesQuery = z.object({
  resolution: z
    .enum(resolutions, `expected one of ${resolutions.join(', ')}`)
    .default('step')
    .meta({
      description: '`step`: the frames as they were emitted; else means over buckets of this length.',
    }),
  format: z
    .enum(['json', 'csv', 'ndjson', 'parquet'], 'expected json or csv, ndjson or parquet')
    .default('json'),
  forecast: z
    .enum(['yes', 'no'], 'expected yes or no')
    .default('yes')
    .meta({ description: '`no`: the frames without their forecasts, a third of the size.' }),
  limit: z.coerce
    .number('expected a number')
    .int('expected a whole number')
    .min(1, 'expected at least 1')
    .max(10_000_000, 'expected at most 10000000')
    .optional(),
});

/** What a request may say, before it is checked. */
export type FramesQuery = z.input<typeof framesQuery>;
export type CheckedFramesQuery = z.output<typeof framesQuery>;

/** `/v1/streams/:name/emotions?…`. */
export const emotionsQuery = z.object({
  from: time
    .optional()
    .meta({ description: 'First moment, inclusive; an hour before `to` where not given.' }),
  to: time.optional().meta({ description: 'Last moment, exclusive; now where not given.' }),
  ...framesQuery.shape,
});

export type EmotionsQuery = z.input<typeof emotionsQuery>;
export type CheckedEmotionsQuery = z.output<typeof emotionsQuery>;

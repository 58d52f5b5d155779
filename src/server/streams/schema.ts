import { z } from 'zod';
import {
  ACTIVITIES,
  BUCKET_FIELDS,
  type Field,
  type Fields,
  FORECAST_FIELDS,
  FRAME_FIELDS,
  fieldsOf,
  type RowOf,
} from '../../frame-fields.ts';
import { MOODS } from '../../mood.ts';
import type { EmotionBucket, EmotionFrame, Forecast, StreamInfo } from '../../types.ts';
import { isoTime } from '../../util/schemas.ts';

/** The fields of a table as the API describes them. */
export function shapeOf<T extends Fields>(table: T): { [K in keyof T]: z.ZodType<RowOf<T>[K]> } {
  return Object.fromEntries(
    fieldsOf(table).map(([name, field]) => {
      const value = schemaOf(field).meta({ description: field.about });
      return [name, field.nullable ? value.nullable() : value];
    }),
  ) as { [K in keyof T]: z.ZodType<RowOf<T>[K]> };
}

function schemaOf(field: Field): z.ZodType {
  switch (field.kind) {
    case 'number':
      return within(field.least, field.greatest);
    case 'whole':
      return z.int().min(0);
    case 'text':
    case 'word':
      return z.string();
    case 'time':
      return isoTime;
    case 'activity':
      return z.enum(ACTIVITIES);
    case 'constant':
      return z.literal(field.value);
    case 'forecasts':
      return z.array(forecast).readonly();
  }
}

function within(least: number | undefined, greatest: number | undefined): z.ZodType {
  let number = z.number();
  if (least !== undefined) number = number.min(least);
  return greatest === undefined ? number : number.max(greatest);
}

export const forecast = z
  .object(shapeOf(FORECAST_FIELDS))
  .readonly()
  .meta({ id: 'Forecast', description: 'Expected at `t + horizon`; Low and High bound a 90 % interval.' });

/** The emotion frame of types.ts, as the API describes it. */
export const emotionFrame = z.object(shapeOf(FRAME_FIELDS)).readonly().meta({
  id: 'EmotionFrame',
  description: 'One step. Where `activity` is not `music`, valence and arousal are null.',
});

// The compiler holds the two to each other.
forecast satisfies z.ZodType<Forecast>;
emotionFrame satisfies z.ZodType<EmotionFrame>;

/** One bucket of a coarser resolution; means are over the frames with music. */
export const emotionBucket = z
  .looseObject({
    ...shapeOf(BUCKET_FIELDS),
    moods: z
      .partialRecord(z.enum(MOODS), z.number())
      .meta({ description: 'Share of the frames of each mood that occurs.' }),
  })
  .meta({
    id: 'EmotionBucket',
    description: 'Means, spread, least and greatest values, shares of activities and moods.',
  });

// The compiler holds the two to each other.
emotionBucket satisfies z.ZodType<EmotionBucket>;

export const emotions = z
  .object({
    stream: z.string(),
    from: isoTime,
    to: isoTime,
    resolution: z.string(),
    frames: z.union([z.array(emotionFrame), z.array(emotionBucket)]),
    truncated: z.boolean().meta({ description: 'There are more than `limit`.' }),
  })
  .meta({ id: 'Emotions' });

export const streamInfo = z
  .object({
    stream: z.string(),
    source: z.string(),
    state: z.enum(['running', 'lost', 'stopped']),
    run: z.int().meta({ description: 'A stream that starts again begins a new run, with `seq` 0.' }),
    startedAt: isoTime,
    message: z.string().nullable(),
    last: emotionFrame.nullable(),
    alerts: z
      .array(z.object({ alert: z.string(), t: z.number(), time: isoTime, message: z.string() }))
      .readonly()
      .optional()
      .meta({ description: 'Alerts that are raised now.' }),
  })
  .meta({ id: 'Stream' });

streamInfo satisfies z.ZodType<StreamInfo>;

export const streamList = z.object({ streams: z.array(streamInfo) }).meta({ id: 'Streams' });

/** What a stretch of the log may come as. */
export const framesContent = {
  'application/json': { schema: emotions },
  'text/csv': { schema: z.string() },
  'application/x-ndjson': { schema: z.string().meta({ description: 'A frame or bucket a line.' }) },
  'application/vnd.apache.parquet': { schema: z.string().meta({ format: 'binary' }) },
};

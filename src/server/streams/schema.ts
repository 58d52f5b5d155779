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
import { profileName } from '../../profiles/profile.ts';
import { alertRules } from '../../sinks/alerts/rule.ts';
import { sinkEntry, sinkList } from '../../sinks/sink-entry.ts';
import { REOPENABLE_USAGE } from '../../stream/sources/index.ts';
import type { EmotionBucket, EmotionFrame, Forecast, StreamInfo } from '../../types.ts';
import { duration, isoTime, jsonTime, streamName, time } from '../../util/schemas.ts';
import { alertCondition } from './alert-condition.ts';
import { formerNames } from './former-names.ts';
import { faultCode, stateReason } from './state-reason.ts';

/** Not checked against the pattern of names: an invalid name is an unknown stream, with status 404. */
export const streamParam = z.object({ name: z.string().meta({ description: 'Name of the stream.' }) });

const CENTURY_MS = 3_155_760_000_000;

export const keepSpan = duration(60_000, CENTURY_MS, '90d').meta({
  description: 'How long the log keeps frames before they are deleted. Default: forever.',
});

/** A stream that the server keeps running, from the configuration or from a client of the API. */
export const streamEntry = z
  .strictObject({
    name: streamName,
    source: z
      .string('expected a source such as "soundcard:"')
      .min(1, 'expected a source such as "soundcard:"')
      .max(2_000, 'expected at most 2000 characters')
      .meta({ description: REOPENABLE_USAGE, example: 'demo:' }),
    model: z
      .string('expected the name of a model')
      .min(1, 'expected the name of a model')
      .max(200, 'expected the name of a model')
      .optional()
      .meta({ description: 'A model under models/. Default: the model of the server.' }),
    profile: profileName.optional(),
    keep: keepSpan.optional(),
    alerts: alertRules.optional().meta({ description: 'Replace the rules for all streams.' }),
    sinks: sinkList.optional().meta({ description: 'Replace the sinks for all streams.' }),
  })
  .meta({ id: 'StreamEntry' });

export type StreamEntry = z.infer<typeof streamEntry>;

/** The API, or the configuration. */
const setIn = z.enum(['api', 'config']);

export const ruleList = z
  .object({
    rules: alertRules,
    from: setIn.meta({ description: 'Where the rules were set: over the API, or in the configuration.' }),
  })
  .meta({ id: 'AlertRules' });

/** Most events or tracks of a response. */
export const limit = z.coerce
  .number('expected a number')
  .int('expected a whole number')
  .min(1, 'expected at least 1')
  .max(10_000, 'expected at most 10000');

const day = { from: jsonTime.optional(), to: jsonTime.optional() };

/** By default the last 24 hours. */
export const rulesAndRange = z
  .strictObject({ rules: alertRules, ...day })
  .meta({ id: 'AlertPreviewRequest' });

export const alertPreview = z
  .object({
    alerts: z.array(
      z.object({
        alert: z.string(),
        from: isoTime,
        to: isoTime.nullable().meta({ description: 'null: not cleared within the range.' }),
        message: z.string(),
      }),
    ),
    counts: z
      .record(z.string(), z.int())
      .meta({ description: 'How often each rule would have raised its alert.' }),
    frames: z.int().meta({ description: 'Frames that the log has in the range.' }),
  })
  .meta({ id: 'AlertPreview' });

export const eventsQuery = z.object({
  from: time.optional().meta({ description: 'Start, inclusive; default: a day before `to`.' }),
  to: time.optional().meta({ description: 'End, exclusive; default: now.' }),
  type: z
    .string()
    .max(40)
    .optional()
    .meta({ description: 'Only types that begin with this, such as `alert`.' }),
  limit: limit.default(1000).meta({ description: 'Maximum number of events: the newest.' }),
});

export const eventList = z
  .object({
    stream: z.string(),
    events: z.array(
      z.looseObject({
        type: z.string(),
        stream: z.string(),
        t: z.number(),
        time: isoTime,
        message: z.string(),
      }),
    ),
  })
  .meta({ id: 'StreamEvents' });

/** The sinks of a stream, without their secrets, and how they are. Streams with the same sink share its numbers. */
export const sinkStates = z
  .object({
    sinks: z.array(
      z.object({
        ...sinkEntry.shape,
        secret: z.literal('set').optional().meta({ description: 'Set if the sink has a secret.' }),
        state: z.enum(['connecting', 'up', 'down']),
        message: z.string().nullable().meta({ description: 'Why it is down: a code, or words.' }),
        reason: z.string().nullable().meta({ description: 'Why it is down, as a sentence.' }),
        reasonCode: faultCode.shape.code,
        reasonValues: faultCode.shape.values,
        queued: z.int().meta({ description: 'Steps that wait.' }),
        delivered: z.int(),
        dropped: z.int().meta({ description: 'Steps that were not sent.' }),
        failures: z.int().meta({ description: 'How often the connection failed.' }),
      }),
    ),
    from: setIn.meta({ description: 'Where the sinks were set: over the API, or in the configuration.' }),
  })
  .meta({ id: 'SinkStates' });

export const forecast = z
  .object(shapeOf(FORECAST_FIELDS))
  .readonly()
  .meta({ id: 'Forecast', description: 'Expected at `t + horizon`; Low and High bound a 90 % interval.' });

/** The emotion frame of types.ts. */
export const emotionFrame = z.object(shapeOf(FRAME_FIELDS)).readonly().meta({
  id: 'EmotionFrame',
  description: 'One step. Valence and arousal are null unless `activity` is `music`.',
});

/** One interval of a coarser resolution; means are over the frames with music. */
export const emotionBucket = z
  .looseObject({
    ...shapeOf(BUCKET_FIELDS),
    moods: z
      .partialRecord(z.enum(MOODS), z.number())
      .meta({ description: 'Share of the frames with each mood.' }),
  })
  .meta({
    id: 'EmotionBucket',
    description: 'Means, standard deviations, minima, maxima, and shares of activities and moods.',
  });

export const streamInfo = z
  .object({
    stream: z.string(),
    source: z.string(),
    state: z.enum(['running', 'lost', 'stopped']),
    run: z.int().meta({ description: 'A stream that starts again begins a new run, with `seq` 0.' }),
    startedAt: isoTime,
    message: z.string().nullable().meta({ description: 'Why it is not running.' }),
    ...stateReason.shape,
    last: z.union([emotionFrame, z.null()]), // `.nullable()` would make the OpenAPI component null everywhere
    lagSeconds: z.number().optional().meta({
      description: 'How late its newest frame was, from its last sample on. Absent if it is not running.',
    }),
    alerts: z
      .array(
        z.object({
          alert: z.string(),
          t: z.number(),
          time: isoTime,
          message: z.string(),
          condition: alertCondition.optional().meta({ description: 'What raised it, as in its rule.' }),
        }),
      )
      .readonly()
      .optional()
      .meta({ description: 'Active alerts.' }),
    profile: z.string().optional().meta({ description: 'The profile that the stream uses.' }),
    from: setIn.optional().meta({
      description:
        'Where the stream is set: over the API, or in the configuration. Absent: a sender or the command line started it.',
    }),
    formerly: formerNames.optional(),
  })
  .meta({ id: 'Stream' });

export const streamList = z.object({ streams: z.array(streamInfo) }).meta({ id: 'Streams' });

// The schemas must match the types.
forecast satisfies z.ZodType<Forecast>;
emotionFrame satisfies z.ZodType<EmotionFrame>;
emotionBucket satisfies z.ZodType<EmotionBucket>;
streamInfo satisfies z.ZodType<StreamInfo>;

const emotions = z
  .object({
    stream: z.string(),
    from: isoTime,
    to: isoTime,
    resolution: z.string(),
    frames: z.union([z.array(emotionFrame), z.array(emotionBucket)]),
    truncated: z.boolean().meta({ description: 'True if there are more frames than `limit`.' }),
  })
  .meta({ id: 'Emotions' });

/** Content types of a range of frames. */
export const framesContent = {
  'application/json': { schema: emotions },
  'text/csv': { schema: z.string() },
  'application/x-ndjson': { schema: z.string().meta({ description: 'One frame or interval per line.' }) },
  'application/vnd.apache.parquet': { schema: z.string().meta({ format: 'binary' }) },
};

/** The schemas of a table's fields. */
function shapeOf<T extends Fields>(table: T): { [K in keyof T]: z.ZodType<RowOf<T>[K]> } {
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
      return within(field.min, field.max);
    case 'integer':
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

function within(min: number | undefined, max: number | undefined): z.ZodType {
  let number = z.number();
  if (min !== undefined) number = number.min(min);
  return max === undefined ? number : number.max(max);
}

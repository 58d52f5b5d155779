import { z } from 'zod';
import { PCM_FORMATS } from '../stream/pcm.ts';
import { STREAM_NAME } from '../stream/sources/stream-spec.ts';

/** What clients may say, in one place; everything from outside passes through here first. */

export const streamName = z
  .string()
  .regex(STREAM_NAME, 'expected 1 to 64 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit');

/** The first message of an ingest client. */
export const ingestHello = z.object(
  {
    type: z.literal('hello', 'expected "hello"'),
    format: z.enum(PCM_FORMATS, `expected one of ${PCM_FORMATS.join(', ')}`),
    sampleRate: z
      .int('expected a whole number of Hz')
      .min(8_000, 'expected at least 8000 Hz')
      .max(192_000, 'expected at most 192000 Hz'),
    channels: z.int('expected a whole number').min(1, 'expected 1 to 32').max(32, 'expected 1 to 32'),
  },
  'expected an object',
);

export type IngestHello = z.infer<typeof ingestHello>;

/** Where a client of one stream stopped listening: `SEQ`, `NAME:SEQ` or `NAME:SEQ:RUN`. */
export interface Since {
  /** undefined: every stream. */
  readonly stream: string | undefined;
  readonly seq: number;
  readonly run: number | undefined;
}

const SINCE = /^(?:([a-z0-9][a-z0-9._-]{0,63}):)?(-1|\d{1,15})(?::(\d{1,15}))?$/;

const since = z.string().transform((text, context): Since => {
  const match = SINCE.exec(text);
  if (match?.[2] !== undefined && (match[3] === undefined || match[1] !== undefined)) {
    return {
      stream: match[1],
      seq: Number(match[2]),
      run: match[3] === undefined ? undefined : Number(match[3]),
    };
  }
  context.addIssue({ code: 'custom', message: `expected SEQ, NAME:SEQ or NAME:SEQ:RUN, got "${text}"` });
  return z.NEVER;
});

const list = <T extends z.ZodType<unknown, string>>(item: T) =>
  z
    .string()
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(item).max(256, 'at most 256 of them'));

/** `/v1/live?streams=a,b&since=41`. */
export const liveQuery = z.object({ streams: list(streamName).optional(), since: list(since).optional() });

export type LiveQuery = z.infer<typeof liveQuery>;

/** A time as ISO 8601 (UTC where it names no zone) or as seconds since 1970; in ms. */
const time = z.string().transform((text, context): number => {
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : parseIso(text);
  if (Number.isFinite(ms) && Math.abs(ms) < 8.64e15) return ms;
  context.addIssue({
    code: 'custom',
    message: `expected an ISO 8601 time or seconds since 1970, got "${text}"`,
  });
  return z.NEVER;
});

const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

function parseIso(text: string): number {
  const match = ISO.exec(text);
  return match
    ? Date.parse(match[1] !== undefined && match[4] === undefined ? `${text}Z` : text)
    : Number.NaN;
}

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

/** `/v1/streams/:name/emotions?…`. */
export const emotionsQuery = z.object({
  from: time.optional(),
  to: time.optional(),
  resolution: z.enum(resolutions, `expected one of ${resolutions.join(', ')}`).default('step'),
  format: z.enum(['json', 'csv'], 'expected json or csv').default('json'),
  limit: z.coerce
    .number('expected a number')
    .int('expected a whole number')
    .min(1, 'expected at least 1')
    .max(10_000_000, 'expected at most 10000000')
    .optional(),
});

/** `/v1/analyze?…`. */
export const analyzeQuery = z.object({
  format: z.enum(['json', 'ndjson'], 'expected json or ndjson').default('json'),
});

/** A failed check as one clause: `sampleRate: expected at least 8000 Hz`. */
export function explain(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'it is not what was expected';
  const path = issue.path.filter((key) => typeof key === 'string').join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

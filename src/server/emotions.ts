import type { Context } from 'hono';
import { csvHeader, csvRow } from '../csv.ts';
import type { EmotionFrame } from '../types.ts';
import { bucketCsvHeader, bucketCsvRow } from './bucket-csv.ts';
import type { EmotionBucket, History, TimeRange } from './log/history.ts';
import type { Log } from './log/log.ts';
import { Problem } from './problem.ts';
import { type CheckedEmotionsQuery, type CheckedFramesQuery, RESOLUTIONS } from './schemas/emotions-query.ts';
import { textStream } from './text-stream.ts';

const HOUR_MS = 3_600_000;

/** From `from` up to but without `to`; without them, the last hour. */
export function rangeOf({ from, to }: CheckedEmotionsQuery): TimeRange {
  const toMs = to ?? Date.now() + 1;
  const fromMs = from ?? toMs - HOUR_MS;
  if (fromMs <= toMs) return { fromMs, toMs };
  throw new Problem(400, 'bad-request', 'The request is wrong: "from" is later than "to".');
}

/** A stretch of a stream's log, and how it is to be told. */
export interface Asked {
  readonly stream: string;
  readonly range: TimeRange;
  readonly query: CheckedFramesQuery;
}

/**
 * What the log has of a stream in a range. `step` gives the frames as they were emitted, coarser resolutions
 * give means. The answer is written as it is read, so its size does not matter.
 */
export function emotions(c: Context, asked: Asked, log: Log): Response {
  const { stream, query } = asked;
  log.flush();
  const text = query.format === 'csv' ? csv(log.history, asked) : json(log.history, asked);
  c.header('Content-Type', query.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json');
  if (query.format === 'csv') c.header('Content-Disposition', `attachment; filename="${stream}.csv"`);
  c.header('Cache-Control', 'no-store');
  return c.body(textStream(text));
}

/** `{"stream":…,"from":…,"to":…,"resolution":…,"frames":[…],"truncated":false}` */
async function* json(history: History, asked: Asked) {
  const { stream, range, query } = asked;
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  const head = { stream, from: iso(range.fromMs), to: iso(range.toMs), resolution: query.resolution };
  yield `${JSON.stringify(head).slice(0, -1)},"frames":[`;
  let count = 0;
  for await (const page of pages(history, asked)) {
    const part = page.slice(0, limit - count);
    if (part.length > 0)
      yield `${count > 0 ? ',\n' : '\n'}${part.map((row) => JSON.stringify(row)).join(',\n')}`;
    count += part.length;
    if (part.length < page.length) {
      yield '\n],"truncated":true}\n';
      return;
    }
  }
  yield '\n],"truncated":false}\n';
}

async function* csv(history: History, asked: Asked) {
  const { resolution, forecast, limit = Number.POSITIVE_INFINITY } = asked.query;
  const withForecast = forecast === 'yes';
  const row = (one: EmotionFrame | EmotionBucket) =>
    'seq' in one ? csvRow(one as EmotionFrame, withForecast) : bucketCsvRow(one as EmotionBucket);
  yield `${resolution === 'step' ? csvHeader(withForecast) : bucketCsvHeader()}\n`;
  let count = 0;
  for await (const page of pages(history, asked)) {
    const part = page.slice(0, limit - count);
    if (part.length > 0) yield part.map((one) => `${row(one)}\n`).join('');
    count += part.length;
    if (count >= limit) return;
  }
}

async function* pages(
  history: History,
  { stream, range, query }: Asked,
): AsyncGenerator<readonly (EmotionFrame | EmotionBucket)[]> {
  const bucketMs = RESOLUTIONS[query.resolution];
  if (bucketMs !== undefined) yield* history.buckets(stream, range, bucketMs);
  else if (query.forecast === 'yes') yield* history.frames(stream, range);
  else
    for await (const page of history.frames(stream, range))
      yield page.map((frame) => ({ ...frame, forecast: [] }));
}

const iso = (ms: number): string => new Date(ms).toISOString();

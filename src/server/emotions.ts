import type { Context } from 'hono';
import { csvHeader, csvRow } from '../csv.ts';
import type { EmotionBucket, History, TimeRange } from './log/history.ts';
import type { Log } from './log/log.ts';
import { Problem } from './problem.ts';
import { emotionsQuery, explain, RESOLUTIONS, type Resolution } from './schemas.ts';
import { textStream } from './text-stream.ts';

const HOUR_MS = 3_600_000;

/**
 * `GET /v1/streams/:name/emotions`: what the log has of a stream, from `from` up to but without `to`; without
 * them, the last hour. `step` gives the frames as they were emitted, coarser resolutions give means. The
 * answer is written as it is read, so its size does not matter.
 */
export function emotions(c: Context, stream: string, log: Log): Response {
  const query = emotionsQuery.safeParse(c.req.query());
  if (!query.success) throw new Problem(400, 'bad-request', `The request is wrong: ${explain(query.error)}.`);
  const { resolution, format, limit = Number.POSITIVE_INFINITY } = query.data;
  const toMs = query.data.to ?? Date.now() + 1;
  const range = { fromMs: query.data.from ?? toMs - HOUR_MS, toMs };
  if (range.fromMs > toMs)
    throw new Problem(400, 'bad-request', 'The request is wrong: "from" is later than "to".');
  log.flush();

  const text =
    format === 'csv'
      ? csv(log.history, stream, range, resolution, limit)
      : json(log.history, stream, range, resolution, limit);
  c.header('Content-Type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json');
  if (format === 'csv') c.header('Content-Disposition', `attachment; filename="${stream}.csv"`);
  c.header('Cache-Control', 'no-store');
  return c.body(textStream(text));
}

/** `{"stream":…,"from":…,"to":…,"resolution":…,"frames":[…],"truncated":false}` */
async function* json(
  history: History,
  stream: string,
  range: TimeRange,
  resolution: Resolution,
  limit: number,
) {
  const head = { stream, from: iso(range.fromMs), to: iso(range.toMs), resolution };
  yield `${JSON.stringify(head).slice(0, -1)},"frames":[`;
  let count = 0;
  for await (const page of pages(history, stream, range, resolution)) {
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

async function* csv(
  history: History,
  stream: string,
  range: TimeRange,
  resolution: Resolution,
  limit: number,
) {
  yield `${resolution === 'step' ? csvHeader() : BUCKET_COLUMNS.join(',')}\n`;
  let count = 0;
  for await (const page of pages(history, stream, range, resolution)) {
    const part = page.slice(0, limit - count);
    if (part.length > 0) yield part.map((row) => `${'seq' in row ? csvRow(row) : bucketRow(row)}\n`).join('');
    count += part.length;
    if (count >= limit) return;
  }
}

function pages(history: History, stream: string, range: TimeRange, resolution: Resolution) {
  const bucketMs = RESOLUTIONS[resolution];
  return bucketMs === undefined ? history.frames(stream, range) : history.buckets(stream, range, bucketMs);
}

const BUCKET_COLUMNS = [
  'time',
  'frames',
  'valence',
  'valenceMin',
  'valenceMax',
  'arousal',
  'arousalMin',
  'arousalMax',
  'loudness',
  'confidence',
  'music',
  'speech',
  'silence',
] as const satisfies readonly (keyof EmotionBucket)[];

const bucketRow = (bucket: EmotionBucket): string =>
  BUCKET_COLUMNS.map((column) => bucket[column] ?? '').join(',');

const iso = (ms: number): string => new Date(ms).toISOString();

import type { Context } from 'hono';
import { bodyStream } from './body-stream.ts';
import { FORMATS } from './export/formats.ts';
import type { Asked } from './export/pages.ts';
import type { TimeRange } from './log/history.ts';
import type { Log } from './log/log.ts';
import { Problem } from './problem.ts';
import type { CheckedEmotionsQuery } from './schemas/emotions-query.ts';

const HOUR_MS = 3_600_000;

/** From `from` up to but without `to`; without them, the last hour. */
export function rangeOf({ from, to }: CheckedEmotionsQuery): TimeRange {
  const toMs = to ?? Date.now() + 1;
  const fromMs = from ?? toMs - HOUR_MS;
  if (fromMs <= toMs) return { fromMs, toMs };
  throw new Problem(400, 'bad-request', 'The request is wrong: "from" is later than "to".');
}

/**
 * What the log has of a stream in a range. `step` gives the frames as they were emitted, coarser resolutions
 * give means. The answer is written as it is read, so its size does not matter.
 */
export function emotions(c: Context, asked: Asked, log: Log): Response {
  const { stream, query } = asked;
  log.flush();
  const format = FORMATS[query.format];
  c.header('Content-Type', format.contentType);
  if (query.format !== 'json')
    c.header('Content-Disposition', `attachment; filename="${stream}.${query.format}"`);
  c.header('Cache-Control', 'no-store');
  return c.body(bodyStream(format.write(log.history, asked)));
}

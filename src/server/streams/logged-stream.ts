import type { Context } from 'hono';
import { FORMATS } from '../../log/export/formats.ts';
import type { ExportRequest } from '../../log/export/pages.ts';
import type { Log } from '../../log/log.ts';
import type { CheckedEmotionsQuery } from '../../log/query.ts';
import type { TimeRange } from '../../log/time-range.ts';
import type { StreamInfo } from '../../types.ts';
import { bodyStream, wholeAnswer } from '../http/body-stream.ts';
import { Problem } from '../http/problem.ts';

/** A stream that only the log remembers, as it was when it stopped. */
export function storedStream(log: Log, name: string): StreamInfo | undefined {
  log.flush();
  const latest = log.history.latestRun(name);
  if (!latest) return undefined;
  const { run, source, startedMs, lastSeq } = latest;
  return {
    stream: name,
    source,
    state: 'stopped',
    run,
    startedAt: new Date(startedMs).toISOString(),
    message: null,
    last: log.history.frame(name, run, lastSeq) ?? null,
  };
}

const HOUR_MS = 3_600_000;

/** From `from` up to but without `to`; without them, the last hour. */
export function rangeOf({ from, to }: CheckedEmotionsQuery): TimeRange {
  const toMs = to ?? Date.now() + 1;
  const fromMs = from ?? toMs - HOUR_MS;
  if (fromMs <= toMs) return { fromMs, toMs };
  throw new Problem(400, 'bad-request', 'The request is wrong: "from" is later than "to".');
}

/** What is past for this long does not change any more, whatever waits to be written. */
const SETTLED_MS = 2_000;

/**
 * What the log has of a stream in a range. `step` gives the frames as they were emitted, coarser resolutions
 * give means. The answer is written as it is read, so its size does not matter; that of a range which is past
 * has a tag.
 */
export async function emotions(c: Context, request: ExportRequest, log: Log): Promise<Response> {
  const { stream, query, range } = request;
  log.flush();
  const format = FORMATS[query.format];
  c.header('Content-Type', format.contentType);
  if (query.format !== 'json')
    c.header('Content-Disposition', `attachment; filename="${stream}.${query.format}"`);
  c.header('Cache-Control', 'no-store'); // It may be erased.
  const body = format.write(log.history, request);
  if (range.toMs < Date.now() - SETTLED_MS) return wholeAnswer(c, body);
  return c.body(bodyStream(body));
}

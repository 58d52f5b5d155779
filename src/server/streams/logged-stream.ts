import type { Context } from 'hono';
import { FORMATS } from '../../log/export/formats.ts';
import type { ExportRequest } from '../../log/export/pages.ts';
import type { Log } from '../../log/log.ts';
import type { CheckedEmotionsQuery } from '../../log/query.ts';
import type { TimeRange } from '../../log/time-range.ts';
import type { StreamInfo } from '../../types.ts';
import { bodyStream, taggedBody } from '../http/body-stream.ts';
import { Problem } from '../http/problem.ts';

/** A stream that is only in the log, as it was when it stopped. */
export function loggedStream(log: Log, name: string): StreamInfo | undefined {
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

/**
 * The time range of a query: `from` inclusive, `to` exclusive, by default the last hour.
 *
 * @throws Problem `bad-request`
 */
export function rangeOf({ from, to }: Pick<CheckedEmotionsQuery, 'from' | 'to'>): TimeRange {
  const toMs = to ?? Date.now() + 1;
  const fromMs = from ?? toMs - HOUR_MS;
  if (fromMs <= toMs) return { fromMs, toMs };
  throw new Problem(400, 'bad-request', 'The request is invalid: "from" is later than "to".');
}

/** A range that ended this long ago does not change any more, whatever is still in the log's queue. */
const SETTLED_MS = 2_000;

/**
 * Responds with the frames of a stream in a range: as they were emitted for the resolution `step`, as means for the
 * coarser ones. The response is streamed, so its size is not limited; one for a finished range has an ETag.
 */
export async function sendFrames(c: Context, request: ExportRequest, log: Log): Promise<Response> {
  const { stream, query, range } = request;
  log.flush();
  const format = FORMATS[query.format];
  c.header('Content-Type', format.contentType);
  if (query.format !== 'json')
    c.header('Content-Disposition', `attachment; filename="${stream}.${query.format}"`);
  c.header('Cache-Control', 'no-store'); // The frames may be erased.
  const body = format.write(log.history, request);
  if (range.toMs < Date.now() - SETTLED_MS) return taggedBody(c, body);
  return c.body(bodyStream(body));
}

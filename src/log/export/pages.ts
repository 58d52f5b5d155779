import type { EmotionBucket, EmotionFrame } from '../../types.ts';
import { type ClockPart, onLine } from '../clock/clock-line.ts';
import type { History } from '../history.ts';
import { type CheckedFramesQuery, RESOLUTIONS } from '../query.ts';
import type { TimeRange } from '../time-range.ts';

/** A range of a stream's log, and the form to export it in. */
export interface ExportRequest {
  readonly stream: string;
  readonly range: TimeRange;
  /** The range in parts between changes of the clock; absent: it has none. */
  readonly parts?: readonly ClockPart[];
  /** Whether times continue the clock of the start through all parts. */
  readonly continuous?: boolean;
  readonly query: CheckedFramesQuery;
}

export type Row = EmotionFrame | EmotionBucket;

/** All rows of a range, in pages; `limit` is ignored. */
export async function* pagesOf(history: History, request: ExportRequest): AsyncGenerator<readonly Row[]> {
  if (!request.parts) return yield* pagesIn(history, request);
  for (const part of request.parts)
    for await (const page of pagesIn(history, { ...request, range: part }))
      yield request.continuous && part.shiftMs !== 0 ? page.map((row) => shifted(row, part)) : page;
}

function shifted<T extends Row>(row: T, part: ClockPart): T {
  return { ...row, time: new Date(onLine(part, Date.parse(row.time))).toISOString() };
}

async function* pagesIn(
  history: History,
  { stream, range, query }: ExportRequest,
): AsyncGenerator<readonly Row[]> {
  const bucketMs = RESOLUTIONS[query.resolution];
  if (bucketMs !== undefined) yield* history.buckets(stream, range, bucketMs);
  else if (query.forecast === 'yes') yield* history.frames(stream, range);
  else
    for await (const page of history.frames(stream, range))
      yield page.map((frame) => ({ ...frame, forecast: [] }));
}

/** The first `query.limit` rows of a range, in pages with at least one row. */
export async function* limitedPagesOf(
  history: History,
  request: ExportRequest,
): AsyncGenerator<readonly Row[]> {
  let left = request.query.limit ?? Number.POSITIVE_INFINITY;
  for await (const page of pagesOf(history, request)) {
    if (page.length > 0) yield page.slice(0, left);
    left -= page.length;
    if (left <= 0) return;
  }
}

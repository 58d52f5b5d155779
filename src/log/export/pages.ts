import type { EmotionBucket, EmotionFrame } from '../../types.ts';
import type { History } from '../history.ts';
import { type CheckedFramesQuery, RESOLUTIONS } from '../query.ts';
import type { TimeRange } from '../time-range.ts';

/** A range of a stream's log, and the form to export it in. */
export interface ExportRequest {
  readonly stream: string;
  readonly range: TimeRange;
  readonly query: CheckedFramesQuery;
}

export type Row = EmotionFrame | EmotionBucket;

/** All rows of a range, in pages; `limit` is ignored. */
export async function* pagesOf(
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

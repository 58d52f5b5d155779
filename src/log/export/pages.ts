import type { EmotionBucket, EmotionFrame } from '../../types.ts';
import type { History } from '../history.ts';
import { type CheckedFramesQuery, RESOLUTIONS } from '../query.ts';
import type { TimeRange } from '../time-range.ts';

/** A stretch of a stream's log, and how it is to be told. */
export interface Asked {
  readonly stream: string;
  readonly range: TimeRange;
  readonly query: CheckedFramesQuery;
}

export type Row = EmotionFrame | EmotionBucket;

/** What the log has of it, page by page, to the last row whatever the limit. */
export async function* pagesOf(
  history: History,
  { stream, range, query }: Asked,
): AsyncGenerator<readonly Row[]> {
  const bucketMs = RESOLUTIONS[query.resolution];
  if (bucketMs !== undefined) yield* history.buckets(stream, range, bucketMs);
  else if (query.forecast === 'yes') yield* history.frames(stream, range);
  else
    for await (const page of history.frames(stream, range))
      yield page.map((frame) => ({ ...frame, forecast: [] }));
}

/** The first `limit` rows. */
export async function* atMost(
  pages: AsyncIterable<readonly Row[]>,
  limit: number,
): AsyncGenerator<readonly Row[]> {
  let left = limit;
  for await (const page of pages) {
    if (page.length > 0) yield page.slice(0, left);
    left -= page.length;
    if (left <= 0) return;
  }
}

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
  /** Numbers that each row gets beside its own fields; only for a range in parts. */
  readonly extra?: readonly ExtraNumber[];
  /** Called with the number of rows that are written next. */
  readonly onRows?: (rows: number) => void;
}

export type Row = EmotionFrame | EmotionBucket;

/** A number of a row that the log does not have. */
export interface ExtraNumber {
  readonly name: string;
  /** `timeMs`: of the row, on the clock of the start of the range. */
  readonly of: (row: Row, timeMs: number) => number | null;
}

/** The value of an extra number of a row that `pagesOf` returned. */
export const extraOf = (row: Row, { name }: ExtraNumber): number | null =>
  (row as unknown as Readonly<Record<string, number | null>>)[name] ?? null;

/** All rows of a range, in pages; `limit` is ignored. */
export async function* pagesOf(history: History, request: ExportRequest): AsyncGenerator<readonly Row[]> {
  const { parts, continuous, extra = [] } = request;
  if (!parts) return yield* pagesIn(history, request);
  for (const part of parts)
    for await (const page of pagesIn(history, { ...request, range: part })) {
      const rows = extra.length > 0 ? page.map((row) => extended(row, part, extra)) : page;
      yield continuous && part.shiftMs !== 0 ? rows.map((row) => shifted(row, part)) : rows;
    }
}

function extended(row: Row, part: ClockPart, extra: readonly ExtraNumber[]): Row {
  const timeMs = onLine(part, Date.parse(row.time));
  return { ...row, ...Object.fromEntries(extra.map(({ name, of }) => [name, of(row, timeMs)])) };
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
    const rows = page.slice(0, left);
    request.onRows?.(rows.length);
    if (rows.length > 0) yield rows;
    left -= rows.length;
    if (left <= 0) return;
  }
}

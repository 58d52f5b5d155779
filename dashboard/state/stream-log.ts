import type { EmotionBucket, EmotionFrame, FramesQuery } from '../../src/client/index.ts';
import { client } from './client.ts';
import { mergeBuckets } from './merge-buckets.ts';
import { formerNames } from './streams.ts';

/** A range of the log; ISO 8601. */
interface RangeQuery extends FramesQuery {
  readonly from: string;
  readonly to?: string;
}

/**
 * The frames or means of a stream in a range, oldest first, with those from before it was renamed: the log has them
 * under the names of that time.
 */
export function emotionsOf(
  stream: string,
  query: RangeQuery & { readonly resolution?: 'step' },
  signal?: AbortSignal,
): Promise<readonly EmotionFrame[]>;
export function emotionsOf(
  stream: string,
  query: RangeQuery & { readonly resolution: Exclude<NonNullable<FramesQuery['resolution']>, 'step'> },
  signal?: AbortSignal,
): Promise<readonly EmotionBucket[]>;
export async function emotionsOf(
  stream: string,
  query: RangeQuery,
  signal?: AbortSignal,
): Promise<readonly (EmotionFrame | EmotionBucket)[]> {
  const parts = [...partsOf(stream, query)];
  const rows = await Promise.all(
    parts.map(async (part) => {
      const { frames } = await client.streams.emotions(part.stream, part.query, signal);
      return frames as readonly (EmotionFrame | EmotionBucket)[];
    }),
  );
  return rows.length === 1 ? rows[0]! : joined(rows.flat());
}

interface Part {
  readonly stream: string;
  readonly query: RangeQuery;
}

function* partsOf(stream: string, query: RangeQuery): Generator<Part> {
  yield { stream, query };
  const fromMs = Date.parse(query.from);
  const toMs = query.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(query.to);
  for (const { stream: former, since, until } of formerNames.peek().get(stream) ?? []) {
    const from = Math.max(fromMs, since === null ? Number.NEGATIVE_INFINITY : Date.parse(since));
    const to = Math.min(toMs, Date.parse(until));
    if (from >= to) continue;
    const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    yield { stream: former, query: { ...query, ...range } };
  }
}

/** In the order of their times. A mean in which a stream was renamed is there twice, once under each name. */
function joined(rows: readonly (EmotionFrame | EmotionBucket)[]): (EmotionFrame | EmotionBucket)[] {
  const buckets = new Map<string, EmotionBucket>();
  const frames: EmotionFrame[] = [];
  for (const row of rows) {
    if (!('frames' in row)) frames.push(row);
    else {
      const other = buckets.get(row.time);
      buckets.set(row.time, other === undefined ? row : mergeBuckets(other, row));
    }
  }
  return [...frames, ...buckets.values()].sort((a, b) => Date.parse(a.time) - Date.parse(b.time));
}

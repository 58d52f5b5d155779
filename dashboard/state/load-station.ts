import type { EmotionBucket, StreamEvent } from '../../src/client/index.ts';
import type { TrackSummary } from '../../src/types.ts';
import { client, withToken } from './client.ts';
import { DAY_MS, type Period } from './station.ts';

const MAX_TRACKS = 500;
const MAX_ALERTS = 500;

const spanOf = (fromMs: number, toMs: number) => ({
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

/** The buckets of a stream between two moments; one that begins before the range is left out. */
export async function loadBuckets(
  stream: string,
  { resolution }: Pick<Period, 'resolution'>,
  fromMs: number,
  toMs: number,
  signal?: AbortSignal,
): Promise<readonly EmotionBucket[]> {
  const query = { resolution, ...spanOf(fromMs, toMs) };
  return (await client.streams.emotions(stream, query, signal)).frames;
}

/** The tracks that a stream announced; empty if it announces none, or they cannot be loaded. */
export async function loadTracks(
  stream: string,
  fromMs: number,
  toMs: number,
): Promise<readonly TrackSummary[]> {
  return client.streams.tracks(stream, { ...spanOf(fromMs, toMs), limit: MAX_TRACKS }).catch(() => []);
}

/** The newest alerts that a stream raised, oldest first. */
export const loadAlerts = (stream: string, fromMs: number, toMs: number): Promise<readonly StreamEvent[]> =>
  client.streams.events(stream, {
    ...{ type: 'alert-raised', limit: MAX_ALERTS },
    ...spanOf(fromMs, toMs),
  });

/** Address of a range as a file. */
export function exportHref(stream: string, format: 'csv' | 'parquet', fromMs: number, toMs: number): string {
  const url = new URL(`v1/streams/${encodeURIComponent(stream)}/emotions`, document.baseURI);
  for (const [name, time] of Object.entries(spanOf(fromMs, toMs))) url.searchParams.set(name, time);
  url.searchParams.set('format', format);
  // Steps of up to a day; longer ranges by the minute.
  if (toMs - fromMs > DAY_MS) url.searchParams.set('resolution', '1m');
  return withToken(url);
}

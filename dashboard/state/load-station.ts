import type { EmotionBucket } from '../../src/client/index.ts';
import { client, withToken } from './client.ts';
import { DAY_MS, type Period, type Track } from './station.ts';

/** The buckets of a stream between two moments; those that a bucket of which begins before the range are left out. */
export async function loadBuckets(
  stream: string,
  { resolution }: Pick<Period, 'resolution'>,
  fromMs: number,
  toMs: number,
  signal?: AbortSignal,
): Promise<readonly EmotionBucket[]> {
  const range = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
  return (await client.streams.emotions(stream, { resolution, ...range }, signal)).frames;
}

/** The tracks that a stream announced; empty if it announces none, or the server does not list them. */
export async function loadTracks(stream: string, fromMs: number, toMs: number): Promise<readonly Track[]> {
  const url = new URL(`v1/streams/${encodeURIComponent(stream)}/tracks`, document.baseURI);
  url.searchParams.set('from', new Date(fromMs).toISOString());
  url.searchParams.set('to', new Date(toMs).toISOString());
  url.searchParams.set('limit', '500');
  const response = await fetch(withToken(url)).catch(() => null);
  if (response === null || !response.ok) return [];
  const { tracks = [] } = (await response.json()) as { tracks?: readonly Track[] };
  return tracks;
}

/** Address of a range as a file. */
export function exportHref(stream: string, format: 'csv' | 'parquet', fromMs: number, toMs: number): string {
  const url = new URL(`v1/streams/${encodeURIComponent(stream)}/emotions`, document.baseURI);
  url.searchParams.set('from', new Date(fromMs).toISOString());
  url.searchParams.set('to', new Date(toMs).toISOString());
  url.searchParams.set('format', format);
  // Steps of up to a day; longer ranges by the minute.
  if (toMs - fromMs > DAY_MS) url.searchParams.set('resolution', '1m');
  return withToken(url);
}

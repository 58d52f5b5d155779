import type { EmotionBucket } from '../../src/client/index.ts';
import type { TrackSummary } from '../../src/types.ts';
import { client, withToken } from './client.ts';
import { type PastAlert, pastAlerts } from './past-alert.ts';
import { DAY_MS, HOUR_MS, meanOf, type Period } from './station.ts';
import { emotionsOf } from './stream-log.ts';
import { serverNowMs } from './streams.ts';

const MAX_TRACKS = 500;
/** Alerts that are raised and that end. */
const MAX_ALERTS = 1000;

const spanOf = (fromMs: number, toMs: number) => ({
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

/** The buckets of a stream between two moments; one that begins before the range is left out. */
export async function loadBuckets(
  stream: string,
  { resolution }: { readonly resolution: Period['resolution'] | '1s' | '1m' },
  fromMs: number,
  toMs: number,
  signal?: AbortSignal,
): Promise<readonly EmotionBucket[]> {
  const query = { resolution, ...spanOf(fromMs, toMs) };
  return emotionsOf(stream, query, signal);
}

/** The tracks that a stream announced; empty if it announces none, or they cannot be loaded. */
export async function loadTracks(
  stream: string,
  fromMs: number,
  toMs: number,
): Promise<readonly TrackSummary[]> {
  const query = { ...spanOf(fromMs, toMs), limit: MAX_TRACKS };
  const tracks = await client.streams.tracks(stream, query).catch(() => []);
  return Promise.all(tracks.map((track) => (track.endedAt === null ? untilNow(stream, track) : track)));
}

/** A track that plays, with its means so far: its statistics are made when it ends. */
async function untilNow(stream: string, track: TrackSummary): Promise<TrackSummary> {
  const fromMs = Date.parse(track.startedAt);
  const toMs = serverNowMs();
  const resolution = toMs - fromMs > HOUR_MS ? '1m' : '1s';
  const buckets = await loadBuckets(stream, { resolution }, fromMs, toMs).catch(() => []);
  const { valence, arousal } = meanOf(buckets);
  return { ...track, valence, arousal };
}

/** The newest alerts that a stream raised, oldest first. */
export async function loadAlerts(stream: string, fromMs: number, toMs: number): Promise<PastAlert[]> {
  const query = { type: 'alert', limit: MAX_ALERTS, ...spanOf(fromMs, toMs) };
  return pastAlerts(await client.streams.events(stream, query));
}

/** Address of a range as a file. */
export function exportHref(stream: string, format: 'csv' | 'parquet', fromMs: number, toMs: number): string {
  const url = new URL(`v1/streams/${encodeURIComponent(stream)}/emotions`, document.baseURI);
  for (const [name, time] of Object.entries(spanOf(fromMs, toMs))) url.searchParams.set(name, time);
  url.searchParams.set('format', format);
  // Steps of up to a day; longer ranges by the minute.
  if (toMs - fromMs > DAY_MS) url.searchParams.set('resolution', '1m');
  return withToken(url);
}

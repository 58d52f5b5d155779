import { requestJson } from '../../src/client/request.ts';
import { address } from './client.ts';

/** A title as the log keeps it; means are null without music. */
export interface TrackSummary {
  readonly title: string;
  readonly artist: string | null;
  readonly startedAt: string;
  /** Null while it plays. */
  readonly endedAt: string | null;
  readonly seconds: number;
  readonly valence: number | null;
  readonly arousal: number | null;
  readonly valenceStart?: number | null;
  readonly valenceEnd?: number | null;
  readonly arousalStart?: number | null;
  readonly arousalEnd?: number | null;
}

const LIMIT = 200;

/** The newest titles of a stream, newest first. @throws ApiError from a server that keeps none */
export async function loadTracks(stream: string, signal: AbortSignal): Promise<readonly TrackSummary[]> {
  const path = `v1/streams/${encodeURIComponent(stream)}/tracks`;
  const { tracks } = await requestJson<{ tracks?: readonly TrackSummary[] }>(address, 'GET', path, {
    query: { limit: LIMIT },
    signal,
  });
  return tracks ?? [];
}

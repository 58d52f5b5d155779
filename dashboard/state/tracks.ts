import { requestJson } from '../../src/client/request.ts';
import { address } from './client.ts';
import type { TrackSummary } from './track-summary.ts';

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

import type { MarkerRow } from './marker-store.ts';
import type { Marker, Session } from './schema.ts';
import type { SessionRow } from './session-store.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** A session as the API tells it; `nowMs` is where an open one ends for now. */
export function toSession(row: SessionRow, nowMs: number): Session {
  return {
    id: row.code,
    stream: row.stream,
    title: row.title,
    tags: JSON.parse(row.tags) as string[],
    notes: row.notes,
    state: row.stoppedMs === null ? 'open' : 'stopped',
    startedAt: iso(row.startedMs),
    stoppedAt: row.stoppedMs === null ? null : iso(row.stoppedMs),
    seconds: Math.max(0, (row.stoppedMs ?? nowMs) - row.startedMs) / 1000,
    markers: row.markers,
  };
}

export function toMarker({ id, timeMs, run, t, note }: MarkerRow, startedMs: number): Marker {
  return { id, time: iso(timeMs), at: (timeMs - startedMs) / 1000, run, t, note };
}

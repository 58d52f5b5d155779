import { computed, effect, signal } from '@preact/signals';
import { ApiError, type Marker, type Session } from '../../src/client/index.ts';
import { client, errorMessage } from './client.ts';
import { chosen, clockChange, possibleGaps, sessionChange } from './streams.ts';

/** The open sessions of all streams, newest first. */
export const openSessions = signal<readonly Session[]>([]);
/** The newest open session of the chosen stream. */
export const openSession = computed(
  () => openSessions.value.find(({ stream }) => stream === chosen.value) ?? null,
);
/** Markers of that session. */
export const openMarkers = signal<readonly Marker[]>([]);
/** The start of an open session on the server's present clock, in ms since 1970. */
export const startOnPresentClock = ({ startedAt, clockChanges }: Session): number =>
  clockChanges.reduce((ms, { seconds }) => ms + 1000 * seconds, Date.parse(startedAt));
/** Why sessions cannot be used here, in one sentence; null if they can. */
export const sessionsUnavailable = signal<string | null>(null);

/** Sessions that are requested at most: the most that one page of the API has. */
const MAX_SESSIONS = 200;

let request: AbortController | null = null;

/** Loads the open sessions, and the markers of the chosen stream's. */
export async function refreshOpenSessions(): Promise<void> {
  request?.abort();
  const mine = new AbortController();
  request = mine;
  try {
    const { sessions } = await client.sessions.list({ state: 'open', limit: MAX_SESSIONS }, mine.signal);
    const session = sessions.find(({ stream }) => stream === chosen.peek());
    const markers =
      session === undefined || session.markers === 0 ? [] : await client.sessions.markers(session.id);
    if (mine.signal.aborted) return;
    sessionsUnavailable.value = null;
    openSessions.value = sessions;
    openMarkers.value = markers;
  } catch (error) {
    // Connection lost: keep what is known; it is loaded again after reconnecting.
    if (mine.signal.aborted || !(error instanceof ApiError)) return;
    sessionsUnavailable.value = errorMessage(error);
  }
}

/** Follows the chosen stream, the connection, and changes that other pages and programs make. */
export function syncOpenSessions(): void {
  effect(() => {
    chosen.value;
    openMarkers.value = [];
  });
  effect(() => {
    chosen.value;
    sessionChange.value;
    clockChange.value;
    if (possibleGaps.value > 0) void refreshOpenSessions();
  });
}

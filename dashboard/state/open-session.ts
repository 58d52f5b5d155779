import { effect, signal } from '@preact/signals';
import { ApiError, type Marker, type Session } from '../../src/client/index.ts';
import { client, errorMessage } from './client.ts';
import { chosen, clockChange, possibleGaps, sessionChange } from './streams.ts';

/** The newest open session of the chosen stream. */
export const openSession = signal<Session | null>(null);
export const openMarkers = signal<readonly Marker[]>([]);
/** Why sessions cannot be used here, in one sentence; null if they can. */
export const sessionsUnavailable = signal<string | null>(null);

let request: AbortController | null = null;

/** Loads the open session of the chosen stream. */
export async function refreshOpenSession(): Promise<void> {
  request?.abort();
  const mine = new AbortController();
  request = mine;
  const stream = chosen.peek();
  if (stream === null) return;
  try {
    const { sessions } = await client.sessions.list({ stream, state: 'open', limit: 1 }, mine.signal);
    const session = sessions[0] ?? null;
    const markers =
      session === null || session.markers === 0 ? [] : await client.sessions.markers(session.id);
    if (mine.signal.aborted) return;
    sessionsUnavailable.value = null;
    openSession.value = session;
    openMarkers.value = markers;
  } catch (error) {
    // Connection lost: keep what is known; it is loaded again after reconnecting.
    if (mine.signal.aborted || !(error instanceof ApiError)) return;
    sessionsUnavailable.value = errorMessage(error);
  }
}

/** Follows the chosen stream, the connection, and changes that other pages and programs make. */
export function syncOpenSession(): void {
  effect(() => {
    chosen.value;
    openSession.value = null;
    openMarkers.value = [];
  });
  effect(() => {
    chosen.value;
    sessionChange.value;
    clockChange.value;
    if (possibleGaps.value > 0) void refreshOpenSession();
  });
}

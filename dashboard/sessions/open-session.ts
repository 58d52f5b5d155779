import { computed, effect, signal } from '@preact/signals';
import { ApiError, type Marker, type Session } from '../../src/client/index.ts';
import type { Mark } from '../draw/timeline.ts';
import { client } from '../live/client.ts';
import { sentenceOf } from '../live/sentence-of.ts';
import { chosen, holes, sessionNews } from '../state/store.ts';

/** The newest session that is going on in the chosen stream. */
export const openSession = signal<Session | null>(null);
export const openMarkers = signal<readonly Marker[]>([]);
/** Why there is nothing to be done with sessions here, in a sentence; null: there is. */
export const sessionsRefused = signal<string | null>(null);

/** The session's markers as the chart shows them. */
export const sessionMarks = computed<readonly Mark[]>(() =>
  openMarkers.value.map(({ time }, i) => ({ x: Date.parse(time) / 1000, label: String(i + 1) })),
);

let asking: AbortController | null = null;

/** Asks what is going on in the chosen stream. */
export async function refreshOpenSession(): Promise<void> {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const stream = chosen.peek();
  if (stream === null) return;
  try {
    const { sessions } = await client.sessions.list({ stream, state: 'open', limit: 1 }, mine.signal);
    const session = sessions[0] ?? null;
    const markers =
      session === null || session.markers === 0 ? [] : await client.sessions.markers(session.id);
    if (mine.signal.aborted) return;
    sessionsRefused.value = null;
    openSession.value = session;
    openMarkers.value = markers;
  } catch (error) {
    // Lost the server: what was known stays, and is asked for again when it is back.
    if (mine.signal.aborted || !(error instanceof ApiError)) return;
    sessionsRefused.value = sentenceOf(error);
  }
}

/** Follows the chosen stream, the connection, and what other pages and programs do to its sessions. */
export function followSessions(): void {
  effect(() => {
    chosen.value;
    openSession.value = null;
    openMarkers.value = [];
  });
  effect(() => {
    chosen.value;
    sessionNews.value;
    if (holes.value > 0) void refreshOpenSession();
  });
}

import { batch, signal } from '@preact/signals';
import { ApiError, type Marker, type Session } from '../../src/client/index.ts';
import { client, errorMessage } from './client.ts';
import {
  openMarkers,
  openSession,
  openSessions,
  refreshOpenSessions,
  startOnPresentClock,
} from './open-session.ts';
import { chosen, chosenRecord } from './streams.ts';
import { continuedPath, type TargetPlan } from './target.ts';

/** Error of the last action in one sentence; null if it succeeded. */
export const sessionError = signal<string | null>(null);
/** Number of markers not yet stored by the server. */
export const pendingMarkers = signal(0);
/** The newest marker added on this page: the one that the note field edits. */
export const noteMarker = signal<Marker | null>(null);
/** The note of that marker was stored as it is. */
export const noteSaved = signal(false);

/** The session that was stopped on this page, until the next starts; null without one. */
export const stoppedSession = signal<Session | null>(null);

const RETRY_MS = 2_000;
/** The newest frame shows the server's time only while it is younger than this. */
const FRESH_MS = 5_000;

/** What is known when a session starts. */
export interface SessionStart {
  readonly title: string;
  readonly tags: readonly string[];
  /** Minutes since it began. */
  readonly minutesAgo: number;
  /** Where the music is to lead, from now; null: no target. */
  readonly target?: TargetPlan | null;
}

export async function startSession(
  { title, tags, minutesAgo, target = null }: SessionStart = { title: '', tags: [], minutesAgo: 0 },
): Promise<void> {
  const stream = chosen.peek();
  if (stream === null || openSession.peek() !== null) return;
  await withErrorShown(async () => {
    const session = await client.sessions.start({
      stream,
      ...(title !== '' && { title }),
      ...(tags.length > 0 && { tags: [...tags] }),
      ...(target !== null && { target: continuedPath(null, minutesAgo * 60, target) }),
      ...(minutesAgo > 0 && { startedAt: ((serverTimeMs() ?? Date.now()) - minutesAgo * 60_000) / 1000 }),
    });
    batch(() => {
      openSessions.value = [session, ...openSessions.peek()];
      openMarkers.value = [];
      noteMarker.value = null;
      stoppedSession.value = null;
    });
  });
}

export async function stopSession(): Promise<void> {
  const session = openSession.peek();
  if (session === null) return;
  await withErrorShown(async () => {
    stoppedSession.value = await client.sessions.stop(session.id);
    await refreshOpenSessions();
    noteMarker.value = null;
  });
}

/** Seconds since the start of a session that runs. */
export const secondsInto = (session: Session): number =>
  ((serverTimeMs() ?? Date.now()) - startOnPresentClock(session)) / 1000;

/** Leads on from now; null removes the target. */
export async function setTarget(plan: TargetPlan | null): Promise<void> {
  const session = openSession.peek();
  if (session === null) return;
  await withErrorShown(async () => {
    const target = plan === null ? null : continuedPath(session.target, secondsInto(session), plan);
    const changed = await client.sessions.change(session.id, { target });
    openSessions.value = openSessions.peek().map((one) => (one.id === changed.id ? changed : one));
  });
}

/**
 * Adds a marker at this moment, with a note if there is one already. Its time is fixed now: while the server cannot be reached, the marker is sent
 * again every RETRY_MS.
 */
export async function addMarker(note?: string): Promise<void> {
  const session = openSession.peek();
  if (session === null) return;
  const timeMs = serverTimeMs();
  const pressedMs = Date.now();
  pendingMarkers.value++;
  await withErrorShown(async () => {
    for (;;) {
      try {
        // Without a recent frame the server sets the time itself, unless the marker is late.
        const lateMs = Date.now() - pressedMs;
        const time = timeMs === undefined && lateMs < RETRY_MS ? {} : { time: (timeMs ?? pressedMs) / 1000 };
        const marker = await client.sessions.addMarker(session.id, {
          ...time,
          ...(note !== undefined && { note }),
        });
        batch(() => {
          noteMarker.value = marker;
          noteSaved.value = false;
          if (openSession.peek()?.id === session.id)
            openMarkers.value = sortMarkers([...openMarkers.peek(), marker]);
        });
        return;
      } catch (error) {
        if (error instanceof ApiError && error.status < 500) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  });
  pendingMarkers.value--;
}

export async function saveNote(marker: Marker, note: string): Promise<void> {
  const session = openSession.peek();
  if (session === null) return;
  await withErrorShown(async () => {
    const changed = await client.sessions.changeMarker(session.id, marker.id, { note });
    openMarkers.value = openMarkers.peek().map((one) => (one.id === changed.id ? changed : one));
    noteMarker.value = changed;
    noteSaved.value = true;
  });
}

/** By time, each once: the server's notice of a new marker may arrive before the answer to the request. */
export function sortMarkers(markers: readonly Marker[]): Marker[] {
  const byId = new Map(markers.map((marker) => [marker.id, marker]));
  return [...byId.values()].sort((a, b) => a.at - b.at || a.id - b.id);
}

/**
 * The server's clock in ms since 1970, estimated from the newest frame, because this computer's clock may be
 * wrong; undefined without a recent frame.
 */
function serverTimeMs(): number | undefined {
  const record = chosenRecord.peek();
  if (record?.last == null) return undefined;
  const ageMs = performance.now() - record.receivedAtMs;
  return ageMs < FRESH_MS ? Date.parse(record.last.time) + ageMs : undefined;
}

async function withErrorShown(work: () => Promise<void>): Promise<void> {
  sessionError.value = null;
  try {
    await work();
  } catch (error) {
    sessionError.value = errorMessage(error);
  }
}

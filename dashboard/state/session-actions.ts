import { batch, signal } from '@preact/signals';
import type { Marker, Session } from '../../src/client/index.ts';
import { client, errorMessage } from './client.ts';
import {
  openMarkers,
  openSession,
  openSessions,
  refreshOpenSessions,
  startOnPresentClock,
} from './open-session.ts';
import { onStored, outbox } from './saving.ts';
import { chosen, chosenRecord } from './streams.ts';
import { continuedPath, type TargetPlan } from './target.ts';
import { type MarkerRef, noteTarget } from './unsaved.ts';

/** Error of the last action in one sentence; null if it succeeded. */
export const sessionError = signal<string | null>(null);
/** A marker that was added on this page, also one that the server has yet to store. */
export interface AddedMarker {
  readonly session: string;
  /** Stays the same when the marker is stored. */
  readonly key: string;
  readonly ref: MarkerRef;
  /** ISO 8601. */
  readonly time: string;
  readonly note: string;
}

/** The newest marker added on this page: the one that the note field edits. */
export const noteMarker = signal<AddedMarker | null>(null);

/** The session that was stopped on this page, until the next starts; null without one. */
export const stoppedSession = signal<Session | null>(null);

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

/** Returns whether a session started. */
export async function startSession(
  { title, tags, minutesAgo, target = null }: SessionStart = { title: '', tags: [], minutesAgo: 0 },
): Promise<boolean> {
  const stream = chosen.peek();
  if (stream === null || openSession.peek() !== null) return false;
  return withErrorShown(async () => {
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

let markersAdded = 0;

/** Adds a marker at this moment, with a note if there is one already. Its time is fixed now, whenever it is stored. */
export function addMarker(note = ''): void {
  const session = openSession.peek()?.id;
  if (session === undefined) return;
  const pressedMs = Date.now();
  const exactMs = serverTimeMs();
  const timeMs = exactMs === undefined ? null : Math.round(exactMs);
  const ref = `${pressedMs}-${++markersAdded}`;
  dropRefusedMarkers(session);
  const time = new Date(timeMs ?? pressedMs).toISOString();
  sessionError.value = null;
  noteMarker.value = { session, key: ref, ref, time, note };
  outbox.add(session, { kind: 'marker', ref, timeMs, pressedMs, note });
}

/** Why markers of a session were refused has been shown: they are given up. */
export function dropRefusedMarkers(session: string): void {
  for (const { session: id, work, state } of outbox.all.peek()) {
    if (id !== session || state !== 'refused' || work.kind !== 'marker') continue;
    outbox.drop(session, `marker ${work.ref}`);
    outbox.drop(session, noteTarget(work.ref));
  }
}

onStored((session, work, answer) => {
  if (work.kind === 'field')
    openSessions.value = openSessions.peek().map((one) => (one.id === session ? (answer as Session) : one));
  if (work.kind !== 'marker' && work.kind !== 'note') return;
  const marker = answer as Marker;
  const edited = noteMarker.peek();
  batch(() => {
    if (openSession.peek()?.id === session) openMarkers.value = withMarker(openMarkers.peek(), marker);
    if (edited?.session === session && edited.ref === (work.kind === 'marker' ? work.ref : marker.id))
      noteMarker.value = { ...edited, ref: marker.id, time: marker.time, note: marker.note };
  });
});

/** With a new or changed marker, by time: the server's notice of a new one may arrive before the answer to the request. */
export function withMarker(markers: readonly Marker[], changed: Marker): Marker[] {
  const byId = new Map([...markers, changed].map((marker) => [marker.id, marker]));
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

/** Returns whether it succeeded. */
async function withErrorShown(work: () => Promise<void>): Promise<boolean> {
  sessionError.value = null;
  try {
    await work();
    return true;
  } catch (error) {
    sessionError.value = errorMessage(error);
    return false;
  }
}

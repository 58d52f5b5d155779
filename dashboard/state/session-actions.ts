import { batch, computed, signal } from '@preact/signals';
import type { Marker, Session } from '../../src/client/index.ts';
import { client, errorMessage } from './client.ts';
import {
  forgetSession,
  openMarkers,
  openSession,
  putMarker,
  putSession,
  refreshOpenSessions,
  startOnPresentClock,
} from './open-session.ts';
import { onRefused, onStored, outbox } from './saving.ts';
import { startedHere } from './started-session.ts';
import { chosen, chosenRecord, serverTimeMs } from './streams.ts';
import { continuedPath, type TargetPlan } from './target.ts';
import { isNew, type MarkerRef, newSessionName, noteTarget, type Press } from './unsaved.ts';

/** Error of the last action in one sentence; null if it succeeded. */
export const sessionError = signal<string | null>(null);
/** A marker whose note is edited, also one that the server has yet to store. */
export interface AddedMarker {
  readonly session: string;
  /** Stays the same when the marker is stored. */
  readonly key: string;
  readonly ref: MarkerRef;
  /** ISO 8601. */
  readonly time: string;
  readonly note: string;
}

/** The marker that the note field edits: the newest that was added on this page, or that was there before. */
export const noteMarker = signal<AddedMarker | null>(null);

export interface StoppedSession {
  readonly session: Session;
  /** Another page or a program has stopped it. */
  readonly elsewhere: boolean;
}

/** The session that was stopped, until the next starts here; null without one. */
export const stoppedSession = signal<StoppedSession | null>(null);

/** What is known when a session starts. */
export interface SessionStart {
  readonly title: string;
  readonly tags: readonly string[];
  /** Minutes since it began. */
  readonly minutesAgo: number;
  /** Where the music is to lead, from now; null: no target. */
  readonly target?: TargetPlan | null;
}

/** What becomes of the starts of this page that the server has yet to answer. */
const starts = new Map<string, (isStarted: boolean) => void>();
/** Sessions that were stopped on this page, and whether with the button beside the stream. */
const stoppedHere = new Map<string, boolean>();
/** The names of this page's sessions before they had a code, by their codes. */
const names = new Map<string, string>();

/** What stays the same of a session when it gets its code. */
export const sessionKey = (id: string): string => names.get(id) ?? id;

/** Whether a session was started on this page. */
export const isOfThisPage = (id: string): boolean => names.has(id);
export const wasStoppedHere = (id: string): boolean => stoppedHere.has(sessionKey(id));

/** The start that the server did not accept, to be corrected; null if there is none. */
export const refusedStart = signal<Pick<SessionStart, 'title' | 'tags' | 'minutesAgo'> | null>(null);

/**
 * A session that the server did not accept after it had been shown as running: what was pressed and typed in it waits
 * to be sent with another start.
 */
export const keptSession = computed(() => {
  for (const { session, work, state, reason } of outbox.all.value) {
    if (work.kind !== 'start' || state !== 'refused') continue;
    const its = outbox.all.value.filter((one) => one.session === session);
    const markers = its.filter((one) => one.work.kind === 'marker').length;
    return { session, start: work, startedAt: startedHere(session, work).startedAt, reason, markers };
  }
  return null;
});

/** Gives up the session that the server did not accept, with its markers. */
export function discardKeptSession(): void {
  const kept = keptSession.peek();
  if (kept !== null) outbox.drop(kept.session);
  sessionError.value = null;
}

/**
 * Starts a session now, whenever the server stores that: the one that was kept, if there is one, at its own time.
 * Resolves with whether it did, once it has answered.
 */
export function startSession(options?: SessionStart): Promise<boolean> {
  const stream = chosen.peek();
  if (stream === null || openSession.peek() !== null || isStarting(stream)) return Promise.resolve(false);
  const { session: name, start: before } = keptSession.peek() ?? { session: newSessionName() };
  sessionError.value = refusedStart.value = stoppedSession.value = noteMarker.value = null;
  const { title, tags, minutesAgo } = options ?? before ?? { title: '', tags: [], minutesAgo: 0 };
  const { timeMs, pressedMs } = before ?? press();
  const seconds = minutesAgo * 60 + (Date.now() - pressedMs) / 1000;
  const plan = options?.target ?? null;
  const target = plan === null ? (before?.target ?? null) : continuedPath(null, seconds, plan);
  const answered = new Promise<boolean>((resolve) => starts.set(name, resolve));
  outbox.add(name, { kind: 'start', stream, title, tags, target, minutesAgo, timeMs, pressedMs });
  return answered;
}

/** Whether a session of a stream was started here, and the server has yet to answer. */
const isStarting = (stream: string): boolean =>
  outbox.all
    .peek()
    .some(
      ({ session, work, state }) =>
        work.kind === 'start' &&
        work.stream === stream &&
        state !== 'refused' &&
        outbox.find(session, 'stop') === undefined,
    );

/** Stops the session of the chosen stream now, whenever the server stores that. */
export function stopSession(): void {
  const session = openSession.peek();
  if (session === null) return;
  stopSessionOf(session.id);
  stoppedHere.set(sessionKey(session.id), true);
}

/** Stops a session now, whenever the server stores that; a stop that waits stays as it was pressed. */
export function stopSessionOf(id: string): void {
  if (outbox.find(id, 'stop') !== undefined) return;
  sessionError.value = null;
  stoppedHere.set(sessionKey(id), false);
  outbox.add(id, { kind: 'stop', ...press() });
}

/** A press at this moment. */
function press(): Press {
  const exactMs = serverTimeMs(chosenRecord.peek());
  return { timeMs: exactMs === undefined ? null : Math.round(exactMs), pressedMs: Date.now() };
}

/** Seconds since the start of a session that runs. */
export const secondsInto = (session: Session): number =>
  ((serverTimeMs(chosenRecord.peek()) ?? Date.now()) - startOnPresentClock(session)) / 1000;

/** Leads on from now; null removes the target. */
export async function setTarget(plan: TargetPlan | null): Promise<void> {
  const session = openSession.peek();
  if (session === null || isNew(session.id)) return;
  sessionError.value = null;
  try {
    const target = plan === null ? null : continuedPath(session.target, secondsInto(session), plan);
    putSession(await client.sessions.change(session.id, { target }));
  } catch (error) {
    sessionError.value = errorMessage(error);
  }
}

let markersAdded = 0;

/** Adds a marker at this moment, with a note if there is one already. Its time is fixed now, whenever it is stored. */
export function addMarker(note = ''): void {
  const session = openSession.peek()?.id;
  if (session === undefined) return;
  const pressed = press();
  const ref = `${pressed.pressedMs}-${++markersAdded}`;
  dropRefusedMarkers(session);
  const time = new Date(pressed.timeMs ?? pressed.pressedMs).toISOString();
  sessionError.value = null;
  noteMarker.value = { session, key: ref, ref, time, note };
  outbox.add(session, { kind: 'marker', ref, note, ...pressed });
}

/**
 * Shows the note field of the newest marker of the open session, whoever set it; of one that is still being stored, if
 * it was set here. A session without markers gets one, as there is a note to it.
 */
export function editLastMarker(): void {
  const session = openSession.peek();
  if (session === null) return;
  const last = openMarkers.peek().at(-1);
  const edited = noteMarker.peek();
  const own = edited?.session === session.id ? edited : null;
  if (typeof own?.ref === 'string' || (own !== null && own.ref === last?.id)) return;
  if (last !== undefined)
    noteMarker.value = {
      session: session.id,
      key: String(last.id),
      ref: last.id,
      time: last.time,
      note: last.note,
    };
  else if (session.markers === 0) addMarker();
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
  if (work.kind === 'start') sessionStored(session, answer as Session);
  if (work.kind === 'stop') sessionStopped(answer as Session);
  if (work.kind === 'field') putSession(answer as Session);
  if (work.kind !== 'marker' && work.kind !== 'note') return;
  const marker = answer as Marker;
  const edited = noteMarker.peek();
  batch(() => {
    putMarker(session, marker);
    if (edited?.session === session && edited.ref === (work.kind === 'marker' ? work.ref : marker.id))
      noteMarker.value = { ...edited, ref: marker.id, time: marker.time, note: marker.note };
  });
});

onRefused((session, work, reason) => {
  sessionError.value = reason;
  if (work.kind !== 'start') return;
  refusedStart.value = work;
  if (noteMarker.peek()?.session === session) noteMarker.value = null;
  answerStart(session, false);
});

/** @param name what the session was called on this page */
function sessionStored(name: string, session: Session): void {
  names.set(session.id, name);
  putSession(session);
  const edited = noteMarker.peek();
  if (edited?.session === name) noteMarker.value = { ...edited, session: session.id };
  answerStart(name, true);
}

function sessionStopped(session: Session): void {
  if (stoppedHere.get(sessionKey(session.id))) stoppedSession.value = { session, elsewhere: false };
  forgetSession(session.id);
  if (noteMarker.peek()?.session === session.id) noteMarker.value = null;
  void refreshOpenSessions();
}

function answerStart(name: string, isStarted: boolean): void {
  starts.get(name)?.(isStarted);
  starts.delete(name);
}

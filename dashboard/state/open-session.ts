import { batch, computed, effect, signal } from '@preact/signals';
import { ApiError, type Marker, type Session } from '../../src/client/index.ts';
import type { SessionNotice } from '../../src/types.ts';
import { client, errorMessage } from './client.ts';
import { loadUntil } from './load-until.ts';
import { outbox } from './saving.ts';
import { noteBegin, startedHere } from './started-session.ts';
import { chosen, clockChange, possibleGaps, sessionChange } from './streams.ts';
import { isNew } from './unsaved.ts';

/** The open sessions of all streams that the server has, newest first. */
export const storedSessions = signal<readonly Session[]>([]);
/**
 * The open sessions of all streams, newest first. What was pressed on this page counts, also while the server has yet
 * to store it.
 */
export const openSessions = computed<readonly Session[]>(() => {
  const waiting = outbox.all.value.filter(({ late, session }) => late || isNew(session));
  const stopped = new Set(waiting.flatMap(({ session, work }) => (work.kind === 'stop' ? [session] : [])));
  const started = waiting.flatMap(({ session, work, late }) =>
    work.kind === 'start' && late ? [startedHere(session, work)] : [],
  );
  return [...started.reverse(), ...storedSessions.value].filter(({ id }) => !stopped.has(id));
});
/** The newest open session of the chosen stream. */
export const openSession = computed(
  () => openSessions.value.find(({ stream }) => stream === chosen.value) ?? null,
);

const NONE: readonly Marker[] = [];
/** The markers of one session, as the server has them. */
const stored = signal<{ readonly session: string; readonly markers: readonly Marker[] } | null>(null);
/** Markers of the open session of the chosen stream. */
export const openMarkers = computed(() =>
  stored.value !== null && stored.value.session === openSession.value?.id ? stored.value.markers : NONE,
);

/** The start of an open session on the server's present clock, in ms since 1970. */
export const startOnPresentClock = ({ startedAt, clockChanges }: Session): number =>
  clockChanges.reduce((ms, { seconds }) => ms + 1000 * seconds, Date.parse(startedAt));
/** Why sessions cannot be used here, in one sentence; null if they can. */
export const sessionsUnavailable = signal<string | null>(null);

/** Sessions that are requested at most: the most that one page of the API has. */
const MAX_SESSIONS = 200;
/** With more changes than this to follow, everything is loaded. */
const MAX_CHANGES = 20;

let request: AbortController | null = null;
let loading: Promise<void> = Promise.resolve();
let changes: SessionNotice[] = [];
let isFollowing = false;
/** Counts what this page has stored. */
let edits = 0;

/** Loads the open sessions, and the markers of the chosen stream's. */
export function refreshOpenSessions(): Promise<void> {
  request?.abort();
  const mine = new AbortController();
  request = mine;
  changes = []; // What is loaded now has them.
  loading = load(mine.signal);
  return loading;
}

async function load(signal: AbortSignal): Promise<void> {
  const before = edits;
  try {
    const { sessions, session, markers } = await loadUntil(() => fetchOpen(signal), signal);
    if (signal.aborted) return;
    // The answer may be from before what this page has stored meanwhile.
    if (edits !== before) return load(signal);
    batch(() => {
      sessionsUnavailable.value = null;
      storedSessions.value = sessions;
      stored.value = session === undefined ? null : { session: session.id, markers };
    });
  } catch {
    // Replaced by a newer request, or sessions are unavailable: what is known is kept.
  }
}

/** The open sessions and the chosen stream's with its markers. */
async function fetchOpen(signal: AbortSignal) {
  try {
    const { sessions } = await client.sessions.list({ state: 'open', limit: MAX_SESSIONS }, signal);
    const session = sessions.find(({ stream }) => stream === chosen.peek());
    const markers =
      session === undefined || session.markers === 0 ? [] : await client.sessions.markers(session.id);
    return { sessions, session, markers };
  } catch (error) {
    if (!signal.aborted && error instanceof ApiError) sessionsUnavailable.value = errorMessage(error);
    throw error;
  }
}

/** Loads what another page or program has changed: one session or one marker, of which there may be thousands. */
async function followChanges(notice: SessionNotice): Promise<void> {
  changes.push(notice);
  if (changes.length > MAX_CHANGES) void refreshOpenSessions();
  if (isFollowing) return;
  isFollowing = true;
  // One after the other, so that none is replaced by an older answer.
  for (;;) {
    await loaded();
    const next = changes.shift();
    if (next === undefined) break;
    await followChange(next, request);
  }
  isFollowing = false;
}

/** Resolves when nothing is being loaded. */
async function loaded(): Promise<void> {
  for (let seen: Promise<void> | undefined; seen !== loading; ) {
    seen = loading;
    await seen;
  }
}

/** @param before the newest loading of everything: where another begins meanwhile, it has the change */
async function followChange(notice: SessionNotice, before: AbortController | null): Promise<void> {
  const { session, change, marker } = notice;
  try {
    if (change === 'stopped' || change === 'erased') forgetSession(session);
    else if (marker === undefined) {
      const changed = await client.sessions.get(session);
      if (request === before) putSession(changed);
    } else if (openSession.peek()?.id === session) {
      const changed = await client.sessions.marker(session, marker);
      if (request === before) putMarker(session, changed);
    }
  } catch (error) {
    if (request !== before || !(error instanceof ApiError)) return;
    if (error.code === 'unknown-session') forgetSession(session);
    else if (error.code === 'unknown-marker') dropMarker(session, marker);
    else void refreshOpenSessions();
  }
}

/** Takes an open session, new or changed, that the server has stored; newest first. */
export function putSession(session: Session): void {
  edits++;
  const others = storedSessions.peek().filter(({ id }) => id !== session.id);
  if (session.state !== 'open') storedSessions.value = others;
  else storedSessions.value = [session, ...others].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

export function forgetSession(id: string): void {
  edits++;
  storedSessions.value = storedSessions.peek().filter((session) => session.id !== id);
}

/** Takes a marker, new or changed, that the server has stored, if it is of the session that is shown. */
export function putMarker(session: string, marker: Marker): void {
  edits++;
  if (openSession.peek()?.id === session)
    stored.value = { session, markers: withMarker(openMarkers.peek(), marker) };
}

function dropMarker(session: string, id: number | undefined): void {
  if (openSession.peek()?.id === session)
    stored.value = { session, markers: openMarkers.peek().filter((marker) => marker.id !== id) };
}

/** With a new or changed marker, by time: the server's notice of a new one may arrive before the answer to the request. */
export function withMarker(markers: readonly Marker[], changed: Marker): Marker[] {
  const byId = new Map([...markers, changed].map((marker) => [marker.id, marker]));
  return [...byId.values()].sort((a, b) => a.at - b.at || a.id - b.id);
}

/** Follows the chosen stream, the connection, and changes that other pages and programs make. */
export function syncOpenSessions(): void {
  // At once: the length that the server gave is of this moment.
  effect(() => storedSessions.value.forEach(noteBegin));
  effect(() => {
    chosen.value;
    clockChange.value;
    if (possibleGaps.value > 0) void refreshOpenSessions();
  });
  effect(() => {
    const notice = sessionChange.value;
    if (notice !== null) void followChanges(notice);
  });
}

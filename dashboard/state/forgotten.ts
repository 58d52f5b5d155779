import { computed, signal } from '@preact/signals';
import type { Session } from '../../src/client/index.ts';
import { openSessions, startOnPresentClock } from './open-session.ts';
import { store, storedJson } from './storage.ts';
import { records, serverTimeMs } from './streams.ts';

/** A session that may have been forgotten: it has run for hours, or its stream has had no music for a while. */
export interface Forgotten {
  readonly session: Session;
  readonly reason: 'long' | 'quiet';
  /** How long it has run, or there has been no music. */
  readonly seconds: number;
}

/** A session that has run for so long is asked about, and again each time it has run for so long since. */
const LONG_SECONDS = 3 * 3600;
const QUIET_SECONDS = 15 * 60;
const CHECK_MS = 5_000;
const KEY = 'undertone.still-recording';

/** Changes as time passes. */
const tick = signal(0);
setInterval(() => tick.value++, CHECK_MS);

/** When sessions were confirmed as still going, in ms since 1970, by their codes. */
const confirmed = signal<Readonly<Record<string, number>>>(
  (storedJson(KEY) as Readonly<Record<string, number>> | undefined) ?? {},
);

/** The first open session to ask about. */
export const forgotten = computed<Forgotten | null>(() => {
  tick.value;
  for (const session of openSessions.value) {
    const found = check(session, confirmed.value[session.id]);
    if (found !== null) return found;
  }
  return null;
});

/** Do not ask about a session again for a while. */
export function stillRecording({ id, stream }: Session): void {
  const open = new Set(openSessions.peek().map((session) => session.id));
  const others = Object.entries(confirmed.peek()).filter(([one]) => open.has(one));
  confirmed.value = { ...Object.fromEntries(others), [id]: nowOf(stream) };
  store(KEY, JSON.stringify(confirmed.value));
}

function check(session: Session, confirmedMs = 0): Forgotten | null {
  const nowMs = nowOf(session.stream);
  const since = (ms: number) => (nowMs - Math.max(ms, confirmedMs)) / 1000;
  const startMs = startOnPresentClock(session);
  const quiet = since(Math.max(startMs, lastMusicMs(session.stream) ?? nowMs));
  if (quiet >= QUIET_SECONDS) return { session, reason: 'quiet', seconds: quiet };
  if (since(startMs) < LONG_SECONDS) return null;
  return { session, reason: 'long', seconds: (nowMs - startMs) / 1000 };
}

const nowOf = (stream: string): number => serverTimeMs(records.get(stream)) ?? Date.now();

/** When a stream last had music, as far as this page knows; undefined if it knows nothing. */
function lastMusicMs(stream: string): number | undefined {
  const record = records.get(stream);
  if (record === undefined || record.ring.length === 0) return undefined;
  return record.lastMusic === null ? record.ring.x(0) * 1000 : Date.parse(record.lastMusic.time);
}

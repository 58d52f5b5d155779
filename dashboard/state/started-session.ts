import type { Session } from '../../src/client/index.ts';
import type { Work } from './unsaved.ts';

/** When each session began, by the clock of `performance.now()`, which nobody sets. */
const began = new WeakMap<Session, number>();

/** When a session began, in ms by the clock of `performance.now()`: to be called when its length is of this moment. */
export function noteBegin(session: Session): void {
  if (!began.has(session)) began.set(session, performance.now() - session.seconds * 1000);
}

/** When a session began, in ms by the clock of `performance.now()`. */
export const beganAtMs = (session: Session): number =>
  began.get(session) ?? performance.now() - session.seconds * 1000;

const sessions = new WeakMap<Work, Session>();

/** A session that was started on this page, as it will be once the server has stored it. */
export function startedHere(id: string, work: Extract<Work, { kind: 'start' }>): Session {
  const known = sessions.get(work);
  if (known !== undefined) return known;
  const { stream, title, tags, target, minutesAgo, timeMs, pressedMs } = work;
  const session: Session = {
    ...{ id, stream, title: title || null, tags: [...tags], notes: '', recordNumber: null },
    target: target === null ? null : [...target],
    signed: null,
    state: 'open',
    startedAt: new Date((timeMs ?? pressedMs) - minutesAgo * 60_000).toISOString(),
    stoppedAt: null,
    seconds: (Date.now() - pressedMs) / 1000 + minutesAgo * 60,
    ...{ start: null, stop: null, clockChanges: [], markers: 0 },
  };
  sessions.set(work, session);
  noteBegin(session);
  return session;
}

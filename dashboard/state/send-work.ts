import { type Addendum, ApiError, type Client, type Marker, type Session } from '../../src/client/index.ts';
import type { Outcome } from './outbox.ts';
import { changeOf, type Press, type Work } from './unsaved.ts';

/** What the server answers once a piece of work is stored. */
export type Stored<W extends Work = Work> = W extends { kind: 'field' | 'start' | 'stop' }
  ? Session
  : W extends { kind: 'addendum' }
    ? Addendum
    : Marker;

/** A request that takes longer has failed: the network may be gone without a sign. */
const TIMEOUT_MS = 10_000;
/** A press that is sent later than this needs its own time: without one, the server sets the present. */
const PRESENT_MS = 2_000;

/**
 * Sends a piece of work to the server.
 *
 * @param again what cannot be stored twice is searched for first, because only the answer may have been lost
 * @param message the sentence for an error of the server
 */
export async function sendWork(
  { sessions }: Client,
  session: string,
  work: Work,
  again: boolean,
  message: (error: ApiError) => string,
): Promise<Outcome> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return { is: 'stored', answer: await request() };
  } catch (error) {
    if (!(error instanceof ApiError)) return { is: 'failed', reason: null, alone: false };
    if (isRefusal(error)) return { is: 'refused', reason: message(error) };
    // Without access, nothing else goes through either.
    const reason = error.status === 401 ? message(error) : null;
    return { is: 'failed', reason, alone: error.status !== 401 };
  }

  async function request(): Promise<Stored> {
    switch (work.kind) {
      case 'field':
        return sessions.change(session, changeOf(work), signal);
      case 'note':
        return sessions.changeMarker(session, Number(work.marker), { note: work.text.trim() }, signal);
      case 'start': {
        const { stream, title, tags, target, minutesAgo } = work;
        const present = isPresent(work, again);
        const startedAt = { startedAt: (atMs(work) - minutesAgo * 60_000) / 1000 };
        const start = {
          ...{ stream, key: session },
          ...(title !== '' && { title }),
          ...(tags.length > 0 && { tags: [...tags] }),
          ...(target !== null && { target: [...target] }),
          ...((minutesAgo > 0 || !present) && startedAt),
        };
        return sessions.start(start, signal);
      }
      case 'stop':
        return sessions.stop(
          session,
          isPresent(work, again) ? undefined : { stoppedAt: atMs(work) / 1000 },
          signal,
        );
      case 'addendum': {
        const { name, text } = work;
        const all = again ? await sessions.addenda(session, signal) : [];
        const stored = all.find((one) => one.name === name.trim() && one.text === text.trim());
        return stored ?? sessions.addAddendum(session, { name, text }, signal);
      }
      case 'marker': {
        const { note } = work;
        const all = again ? await sessions.markers(session, signal) : [];
        const stored = all.find((one) => Date.parse(one.time) === atMs(work) && one.note === note);
        const time = isPresent(work, again) ? {} : { time: atMs(work) / 1000 };
        return stored ?? sessions.addMarker(session, { ...time, ...(note !== '' && { note }) }, signal);
      }
    }
  }
}

const atMs = ({ timeMs, pressedMs }: Press): number => timeMs ?? pressedMs;

/** Whether the server may set the time, because it is not known on its clock and a moment ago. */
const isPresent = ({ timeMs, pressedMs }: Press, again: boolean): boolean =>
  !again && timeMs === null && Date.now() - pressedMs < PRESENT_MS;

/** Whether sending the same again would bring the same answer. */
const isRefusal = ({ status }: ApiError): boolean =>
  status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status);

import type { Moment } from '../log/clock/clock-line.ts';
import type { Log } from '../log/log.ts';
import type { StreamRemoved } from '../types.ts';
import { UserError } from '../user-error.ts';
import { InvalidField } from './schema.ts';

/** A client's clock may be a little ahead of the server's. */
export const AHEAD_MS = 5_000;
/** A session may begin at most this long before the log of its stream does. */
const EARLY_MS = 86_400_000;

interface NewSessionTimes {
  readonly stream: string;
  readonly start: Moment;
  readonly stop: Moment | undefined;
}

export interface NewSessionChecks {
  readonly log: Log;
  /** Whether the server has a stream of this name now; stopped ones may be in the log only. */
  readonly hasStream: (name: string) => boolean;
  /** How a stream was removed or renamed that is not there again. */
  readonly removal?: ((name: string) => StreamRemoved | undefined) | undefined;
}

/** @throws UserError `unknown-stream`, `stream-removed`, `bad-request`, `before-log` */
export function checkNewSession(
  { log, hasStream, removal }: NewSessionChecks,
  { stream, start, stop }: NewSessionTimes,
  now: Moment,
): void {
  if (!hasStream(stream)) {
    log.flush();
    if (!log.history.latestRun(stream))
      throw new UserError(
        'unknown-stream',
        `There is no stream "${stream}": check its name, or choose one that is listed.`,
      );
  }
  const lineMs = (moment: Moment) => log.clock.lineMs(moment);
  if (lineMs(start) > lineMs(now) + AHEAD_MS) throw invalidTime('startedAt', 'a time in the past', start.ms);
  if (stop && (lineMs(stop) <= lineMs(start) || lineMs(stop) > lineMs(now) + AHEAD_MS))
    throw invalidTime('stoppedAt', 'a time in the past, after startedAt', stop.ms);
  checkLogged(log, stream, start.ms, now.ms);
  const removed = removal?.(stream);
  if (removed && start.ms >= Date.parse(removed.time)) throw streamRemoved(removed);
}

/** The log gets nothing more of the stream, so the session would stay empty. */
function streamRemoved({ stream, renamedTo }: StreamRemoved): UserError {
  return new UserError(
    'stream-removed',
    renamedTo === undefined
      ? `The stream "${stream}" was removed: choose another stream, or add it again before the session starts.`
      : `The stream "${stream}" is now called "${renamedTo}": start the session on that.`,
  );
}

/** A mistyped year must not create a session that spans centuries. A stream without frames counts as beginning now. */
function checkLogged(log: Log, stream: string, startedMs: number, nowMs: number): void {
  if (startedMs >= nowMs - EARLY_MS) return;
  log.flush();
  const firstMs = log.history.firstLoggedMs(stream);
  if (startedMs >= (firstMs ?? nowMs) - EARLY_MS) return;
  const got = new Date(startedMs).toISOString();
  const known =
    firstMs === undefined
      ? `has nothing of "${stream}" yet`
      : `of "${stream}" begins at ${new Date(firstMs).toISOString()}`;
  throw new UserError(
    'before-log',
    `startedAt is ${got}, but the log ${known}: a session can begin at most a day before the log of its stream.`,
  );
}

export function invalidTime(path: string, expected: string, gotMs: number): InvalidField {
  const got = new Date(gotMs).toISOString();
  return new InvalidField({ path, expected, got }, `${path}: expected ${expected}, got ${got}`);
}

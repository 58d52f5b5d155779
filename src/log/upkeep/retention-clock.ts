import type Database from 'libsql';

const DAY_MS = 86_400_000;

/** A leap further ahead than this, beyond the time that passed, is not trusted at once. */
const LEAP_MS = DAY_MS;
/** How long the clock must go on after a leap until it is trusted. */
const PROBATION_MS = DAY_MS;

/** The row of the table `retention_clock`. */
interface State {
  /** The clock at the last look. */
  readonly seenMs: number;
  /** The time that ages are relative to. */
  readonly trustedMs: number;
  /** The clock right after it leaped, until that is trusted. */
  readonly leapMs: number | null;
}

export interface RetentionTime {
  /** The time that ages are relative to, ms since 1970; never after the clock. */
  readonly nowMs: number;
  /** Set when a leap was noticed just now: nothing that it makes old is dropped before this time of the clock. */
  readonly heldUntilMs?: number;
}

/**
 * The time that the ages of logged data are relative to. It is the clock, unless that leaped ahead by more than a day:
 * then the time before the leap counts until the clock has gone on for a day. So a clock that is set wrong, now or while
 * the server was off, drops nothing if it is corrected within a day. A computer that was off for longer drops its old
 * data a day later, or at its next start.
 */
export class RetentionClock {
  readonly #change: (work: () => void) => void;
  readonly #sql;
  /** The clock when a log without a frame was opened. */
  readonly #openedMs: number | undefined;
  #steadyMs: number | undefined;

  /** @param change runs `work` as one transaction */
  constructor({ db, change }: { db: Database.Database; change: (work: () => void) => void }) {
    this.#change = change;
    this.#sql = {
      get: db.prepare(
        'SELECT seen_ms AS seenMs, trusted_ms AS trustedMs, leap_ms AS leapMs FROM retention_clock',
      ),
      set: db.prepare(
        'INSERT OR REPLACE INTO retention_clock (id, seen_ms, trusted_ms, leap_ms) VALUES (1, ?, ?, ?)',
      ),
    };
    const { has } = db
      .prepare('SELECT EXISTS (SELECT 1 FROM blocks) OR EXISTS (SELECT 1 FROM frames) AS has')
      .get() as { has: number };
    this.#openedMs = has === 0 ? Date.now() : undefined;
  }

  /**
   * @param wallMs the clock
   * @param steadyMs a clock that only runs forward
   */
  read(wallMs: number, steadyMs: number): RetentionTime {
    const before = (this.#sql.get.get() as State | undefined) ?? this.#first(wallMs);
    const passedMs = this.#steadyMs === undefined ? 0 : steadyMs - this.#steadyMs;
    const after = nextState(before, wallMs, passedMs);
    this.#steadyMs = steadyMs;
    this.#change(() => this.#sql.set.run(after.seenMs, after.trustedMs, after.leapMs));
    const nowMs = Math.min(wallMs, after.trustedMs);
    return after.leapMs !== null && after.leapMs !== before.leapMs
      ? { nowMs, heldUntilMs: after.leapMs + PROBATION_MS }
      : { nowMs };
  }

  /** Without an earlier look, as in a log of an older undertone, the clock has to be trusted. */
  #first(wallMs: number): State {
    const seenMs = Math.min(wallMs, this.#openedMs ?? wallMs);
    return { seenMs, trustedMs: seenMs, leapMs: null };
  }
}

function nextState({ seenMs, trustedMs, leapMs }: State, wallMs: number, passedMs: number): State {
  const isTrusted = leapMs !== null && wallMs >= leapMs + PROBATION_MS;
  if (wallMs - seenMs - passedMs > LEAP_MS)
    return { seenMs: wallMs, trustedMs: isTrusted ? seenMs : trustedMs, leapMs: wallMs };
  const isCorrected = wallMs - trustedMs <= LEAP_MS;
  if (leapMs === null || isTrusted || isCorrected) return { seenMs: wallMs, trustedMs: wallMs, leapMs: null };
  return { seenMs: wallMs, trustedMs, leapMs: Math.min(leapMs, wallMs) };
}

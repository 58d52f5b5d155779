import type { ClockPart, Moment } from '../log/clock/clock-line.ts';
import type { Log } from '../log/log.ts';
import type { TimeRange } from '../log/time-range.ts';
import { STEP_SECONDS } from '../types.ts';
import { AHEAD_MS, invalidTime } from './check-new-session.ts';
import { type Place, type SessionRow, startOf, stopOf } from './session-store.ts';
import { streamMoment } from './stream-moment.ts';

interface SessionTimesOptions {
  readonly log: Log;
  readonly now?: (() => number) | undefined;
  /** Notices a change of the clock up to now; called before the time counts. */
  readonly checkClock?: (() => void) | undefined;
}

/** The part of a stream that a session has. */
export interface SessionSpan {
  readonly stream: string;
  /** From its start to its end by the clock. */
  readonly range: TimeRange;
  /** The same in parts between changes of the clock; each frame of the session is in one of them. */
  readonly parts: readonly ClockPart[];
  /** The same on the line of time through all changes of the clock. */
  readonly line: TimeRange;
}

/** The moments of sessions and markers, whichever way the clock is set meanwhile. */
export class SessionTimes {
  readonly #log: Log;
  readonly #now: () => number;
  readonly #checkClock: (() => void) | undefined;

  constructor({ log, now = Date.now, checkClock }: SessionTimesOptions) {
    this.#log = log;
    this.#now = now;
    this.#checkClock = checkClock;
  }

  /** The present moment. */
  now(): Moment {
    this.#checkClock?.();
    return { ms: this.#now(), clock: this.#log.clock.newest };
  }

  /** The newest moment that a clock time names; the present one by default. */
  momentOf(timeMs: number | undefined, now: Moment): Moment {
    return timeMs === undefined ? now : this.#log.clock.momentsOf(timeMs, now.ms)[0];
  }

  /** A moment with its place in the stream's own time. */
  async placeOf(stream: string, moment: Moment): Promise<Place> {
    return { ...moment, at: await streamMoment(this.#log, stream, moment) };
  }

  /**
   * The place of a marker, or of another moment of a session; now by default. It is moved into its session if a
   * difference of clocks explains why it is outside.
   *
   * @throws InvalidField
   */
  placeWithin(row: SessionRow, time: number | undefined, path = 'time'): Promise<Place> {
    const { clock } = this.#log;
    const now = this.now();
    const named = time === undefined ? [now] : clock.momentsOf(time, now.ms);
    const [start, stop] = [startOf(row), stopOf(row) ?? { ...now, ms: now.ms + AHEAD_MS }];
    const isWithin = (moment: Moment, aheadMs: number) =>
      clock.lineMs(moment) >= clock.lineMs(start) - aheadMs &&
      clock.lineMs(moment) <= clock.lineMs(stop) + aheadMs;
    const moment = named.find((one) => isWithin(one, 0)) ?? named.find((one) => isWithin(one, AHEAD_MS));
    if (!moment) throw invalidTime(path, 'a time within the session', time ?? now.ms);
    if (isWithin(moment, 0)) return this.placeOf(row.stream, moment);
    return this.placeOf(row.stream, clock.lineMs(moment) < clock.lineMs(start) ? start : stop);
  }

  /**
   * Where an open session ends; now by default, and never later.
   *
   * @throws InvalidField
   */
  async stopPlace(row: SessionRow, time: number | undefined): Promise<Place> {
    const now = this.now();
    if (time === undefined) return this.placeOf(row.stream, now);
    const stop = await this.placeWithin(row, time, 'stoppedAt');
    return this.#log.clock.lineMs(stop) > this.#log.clock.lineMs(now) ? this.placeOf(row.stream, now) : stop;
  }

  later(one: Place, other: Place): Place {
    const { clock } = this.#log;
    return clock.lineMs(other) > clock.lineMs(one) ? other : one;
  }

  /** An open session lasts until now. */
  span(row: SessionRow): SessionSpan {
    const { clock } = this.#log;
    const [start, stop] = this.#ends(row);
    return {
      stream: row.stream,
      range: { fromMs: start.ms, toMs: stop.ms + 1 },
      parts: upToStop(clock.parts(start, stop), row),
      line: { fromMs: clock.lineMs(start), toMs: clock.lineMs(stop) + 1 },
    };
  }

  /** What the clock showed during a session. An open session has no end. */
  shown(row: SessionRow): TimeRange[] {
    const { clock } = this.#log;
    const end = stopOf(row) ?? { ms: Number.POSITIVE_INFINITY, clock: clock.newest };
    return clock.shownBetween(startOf(row), end);
  }

  /** Whether two sessions of a stream have frames in common. */
  overlap(one: SessionRow, other: SessionRow): boolean {
    const [a, b] = [this.span(one).line, this.span(other).line];
    return a.fromMs < b.toMs && b.fromMs < a.toMs;
  }

  #ends(row: SessionRow): readonly [Moment, Moment] {
    return [startOf(row), stopOf(row) ?? this.now()];
  }
}

/** Ends the last part with the newest frame before the stop, as the clock may have stood still then. */
function upToStop(parts: readonly ClockPart[], { stopRun, stopT }: SessionRow): readonly ClockPart[] {
  const last = parts.at(-1);
  const seqs = last?.seqs;
  if (!last || !seqs || stopRun === null || stopT === null) return parts;
  const frames = Math.floor(stopT / STEP_SECONDS);
  const capped = (run: number) => {
    const { from, end } = seqs(run);
    return { from, end: run === stopRun ? Math.min(end, frames) : end };
  };
  return [...parts.slice(0, -1), { ...last, seqs: capped }];
}

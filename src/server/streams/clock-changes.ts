import type { Logger } from 'pino';
import type { Log } from '../../log/log.ts';
import type { ClockStep, ClockWatch } from '../../util/clock-watch.ts';
import { spanText } from '../../util/duration.ts';

/** A stream that is running now. */
export interface RunningPlace {
  readonly run: number;
  /** Number of frames of the run so far. */
  readonly frames: number;
}

export interface ClockChangesOptions {
  readonly watch: Pick<ClockWatch, 'check'>;
  readonly log: Pick<Log, 'clockChanged'>;
  readonly logger: Logger;
  /** A clock that only runs forward, in ms. */
  readonly steady?: () => number;
}

/** A change that is announced to everybody who watches a stream. */
export interface Announcement {
  readonly seconds: number;
  readonly timeMs: number;
  readonly message: string;
}

/** How often the clock is checked besides before each frame. */
export const CHECK_MS = 1_000;
/** A clock that stands still, or is set again and again, is announced at most this often. */
const ANNOUNCE_MS = 60_000;

/**
 * Notices that the computer's clock was set, and records each change in the log at once, with the place of every
 * running run. Changes that follow each other closely are announced together: their `seconds` add up.
 */
export class ClockChanges {
  readonly #options: Required<ClockChangesOptions>;
  #waiting = 0;
  #announcedMs = Number.NEGATIVE_INFINITY;

  constructor(options: ClockChangesOptions) {
    this.#options = { steady: () => performance.now(), ...options };
  }

  /** To be called before each frame and every CHECK_MS. Returns what is to be announced, if anything. */
  check(running: () => Iterable<RunningPlace>): Announcement | undefined {
    const { watch, log, steady } = this.#options;
    const step = watch.check();
    if (step) {
      const places = new Map([...running()].map(({ run, frames }) => [run, frames]));
      log.clockChanged({ ...step, places });
      this.#waiting += step.seconds;
    }
    if (this.#waiting === 0 || steady() - this.#announcedMs < ANNOUNCE_MS) return undefined;
    return this.#announce(step, steady());
  }

  #announce(step: ClockStep | undefined, nowMs: number): Announcement | undefined {
    const seconds = Math.round(this.#waiting * 1000) / 1000;
    this.#waiting = 0;
    if (seconds === 0) return undefined;
    this.#announcedMs = nowMs;
    const message = step?.still
      ? "The computer's clock stands still: clock times are wrong until it runs again. Frames are counted by audio time."
      : `The computer's clock was set ${seconds > 0 ? 'forward' : 'back'} by ${spanText(Math.abs(seconds))}. Sessions keep their length.`;
    this.#options.logger.warn({ event: 'clock-changed', seconds }, message);
    return { seconds, timeMs: step?.timeMs ?? Date.now(), message };
  }
}

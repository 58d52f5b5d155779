import type { ChannelLevel } from './level-meter.ts';

type Levels = readonly ChannelLevel[];

/** The way of levels to one client, who sees the newest ones however slow the way is. */
export interface NewestLevels {
  /** Levels were measured. */
  push(levels: Levels): void;
  /** The last message has arrived, so the next one may be sent. */
  arrived(): void;
}

/**
 * Sends levels, of which one message at most is on its way: a queue would show old levels. Those measured meanwhile
 * become one message, with the newest root mean squares and the highest peaks, so that no clipping is missed.
 */
export function newestLevels(send: (levels: Levels) => void): NewestLevels {
  let held: Levels | undefined;
  let onItsWay = false;
  let isScheduled = false;

  function sendHeld(): void {
    isScheduled = false;
    if (onItsWay || held === undefined) return;
    const levels = held;
    held = undefined;
    onItsWay = true;
    send(levels);
  }

  return {
    push(levels) {
      held = held === undefined ? levels : withPeaksOf(held, levels);
      // After the samples that have arrived together, as they do on a busy machine: only the last of them are new.
      if (!isScheduled) setImmediate(sendHeld);
      isScheduled = true;
    },
    arrived() {
      onItsWay = false;
      sendHeld();
    },
  };
}

const withPeaksOf = (older: Levels, newest: Levels): Levels =>
  newest.map(({ rms, peak }, i) => ({ rms, peak: higher(peak, older[i]?.peak ?? null) }));

const higher = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

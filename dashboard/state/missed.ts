import { firstAfter, type Part, type Steps, type TimeRange } from './steps.ts';
import type { StreamRecord } from './stream-record.ts';

type Watched = Pick<StreamRecord, 'ring' | 'interruptions' | 'state' | 'last'>;

/** Times of steps are corrected by less than this (s) once they are there. */
const CORRECTION_SECONDS = 1;

/** Where the page missed steps of a stream while it was not connected or did not get all messages, oldest first. */
export function missedTimes({ ring, interruptions, state, last }: Watched): readonly TimeRange[] {
  const ranges: TimeRange[] = [];
  for (const at of interruptions) {
    const i = firstAfter(ring, at + CORRECTION_SECONDS);
    if (i === 0) continue;
    const from = ring.x(i - 1);
    let to = from;
    if (i < ring.length) {
      if (ring.x(i) - from > ring.gapBefore(i)) to = ring.x(i) - ring.stepSeconds;
    } else if (state !== 'running' && last !== null) to = Date.parse(last.time) / 1000;
    if (to > from && to !== ranges.at(-1)?.to) ranges.push({ from, to });
  }
  return ranges;
}

/** Draws `past` in the `missed` times of the newest steps, which are the last of `parts`. */
export function fillMissed(parts: readonly Part[], past: Steps, missed: readonly TimeRange[]): Part[] {
  const filled = [...parts];
  for (const range of missed) {
    const newest = filled.at(-1);
    if (newest === undefined) break;
    const from = Math.max(newest.from, range.from);
    const to = Math.min(newest.to, range.to);
    if (from >= to) continue;
    filled.pop();
    if (from > newest.from) filled.push({ ...newest, to: from });
    filled.push({ steps: past, from, to }, { ...newest, from: to });
  }
  return filled;
}

import type { SinkStep } from './stream-sink-kind.ts';

/** A step that is earlier than the one before by more than this is after a change of the clock, and keeps its time. */
const MAX_AHEAD_MS = 60_000;

/**
 * Times of steps in whole ms, each only once in a stream: a database merges points of the same time into one. The steps of
 * a recording that is tracked faster than in real time have the same times, and so may the last frame and the end of a
 * stream. The later ones move by a millisecond each. A step that is sent again keeps its time.
 */
export function createPointTimes(): (step: SinkStep) => number {
  const newest = new Map<string, number>();
  const times = new WeakMap<SinkStep, number>();
  return (step) => {
    const known = times.get(step);
    if (known !== undefined) return known;
    const ms = Math.round(step.timeMs);
    const before = newest.get(step.stream);
    const isTaken = before !== undefined && ms <= before && before - ms < MAX_AHEAD_MS;
    const time = isTaken ? before + 1 : ms;
    if (step.isLast) newest.delete(step.stream);
    else newest.set(step.stream, time);
    times.set(step, time);
    return time;
  };
}

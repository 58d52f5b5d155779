import { dayAndMonth, dayWithoutYear, dayWithYear, isThisYear, timeOfDay } from '../state/dates.ts';
import { clock, elapsed } from '../state/format.ts';
import type { TimeRange } from '../state/steps.ts';

const DAY = 86_400;
/** Distances between ticks in seconds, up to half a day. */
const CLOCK_STEPS = [
  5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
] as const;
const DAY_STEPS = [1, 2, 7, 14] as const;
const MONTH_STEPS = [1, 2, 3, 6, 12] as const;

export interface TimeTick {
  /** Seconds since 1970. */
  readonly x: number;
  readonly label: string;
}

/** At most `max` ticks at round times of the local clock. */
export function timeTicks(range: TimeRange, max: number): TimeTick[] {
  const span = range.to - range.from;
  const clock = CLOCK_STEPS.find((step) => span / step <= max);
  if (clock !== undefined) return clockTicks(range, clock);
  const days = DAY_STEPS.find((step) => span / DAY / step <= max);
  if (days !== undefined) return dayTicks(range, (date) => date.setDate(date.getDate() + days), isDay(days));
  const months = MONTH_STEPS.find((step) => span / (30 * DAY) / step <= max) ?? 12;
  return dayTicks(
    range,
    (date) => date.setMonth(date.getMonth() + months),
    (date) => date.getDate() === 1 && date.getMonth() % months === 0,
  );
}

/** At most `max` ticks at round times since `zero`, none before it. */
export function elapsedTicks({ from, to }: TimeRange, max: number, zero: number): TimeTick[] {
  const step = CLOCK_STEPS.find((one) => (to - from) / one <= max) ?? DAY;
  const ticks: TimeTick[] = [];
  for (let s = Math.max(0, Math.ceil((from - zero) / step) * step); zero + s <= to; s += step)
    ticks.push({ x: zero + s, label: elapsed(s) });
  return ticks;
}

/** A day is a tick if its number since 1970 is a multiple of `step`. */
const isDay = (step: number) => (date: Date) =>
  Math.round(date.getTime() / 1000 / DAY - date.getTimezoneOffset() / 1440) % step === 0;

function clockTicks({ from, to }: TimeRange, step: number): TimeTick[] {
  const offset = new Date(((from + to) / 2) * 1000).getTimezoneOffset() * 60;
  const ticks: TimeTick[] = [];
  for (let local = Math.ceil((from - offset) / step) * step; local + offset <= to; local += step) {
    const date = new Date((local + offset) * 1000);
    const text =
      local % DAY === 0 ? dayAndMonth(date) : step < 60 ? clock(date.toISOString()) : timeOfDay(date);
    ticks.push({ x: local + offset, label: text });
  }
  return ticks;
}

/** Ticks at midnights: the first for which `isTick`, then by `advance`. */
function dayTicks(
  { from, to }: TimeRange,
  advance: (date: Date) => void,
  isTick: (date: Date) => boolean,
): TimeTick[] {
  const date = new Date(from * 1000);
  date.setHours(24, 0, 0, 0);
  for (let i = 0; i < 400 && !isTick(date); i++) date.setDate(date.getDate() + 1);
  const ticks: TimeTick[] = [];
  // The first tick of a year names it, also the present one if that is not the first.
  let year = isThisYear(date) ? date.getFullYear() : Number.NaN;
  for (; date.getTime() / 1000 <= to; advance(date)) {
    const label = date.getFullYear() === year ? dayWithoutYear(date) : dayWithYear(date);
    ticks.push({ x: date.getTime() / 1000, label });
    year = date.getFullYear();
  }
  return ticks;
}

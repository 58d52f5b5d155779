import type { TimeRange } from '../../log/time-range.ts';

/** A calendar day of the server's own time zone, which may have 23 or 25 hours. */
export interface Day extends TimeRange {
  /** `2026-11-20` */
  readonly name: string;
}

/** The day before the one of `nowMs`. */
export function dayBefore(nowMs: number): Day {
  const to = new Date(nowMs);
  to.setHours(0, 0, 0, 0);
  const from = new Date(to);
  from.setDate(from.getDate() - 1);
  return { name: nameOf(from), fromMs: from.getTime(), toMs: to.getTime() };
}

/** Name of the day of `nowMs`. */
export const today = (nowMs: number): string => nameOf(new Date(nowMs));

/** Minutes since midnight, as the clock on the wall shows them. */
export function minuteOfDay(nowMs: number): number {
  const now = new Date(nowMs);
  return now.getHours() * 60 + now.getMinutes();
}

const nameOf = (date: Date): string =>
  [
    String(date.getFullYear()).padStart(4, '0'),
    ...[date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')),
  ].join('-');

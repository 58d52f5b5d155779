import { clock, elapsed } from './format.ts';
import { locale } from './i18n.ts';

/** Where times are shown from, as 0:00. */
export interface Zero {
  /** Seconds since 1970. */
  readonly x: number;
  /** Whether the time of day means something: not that of a file. */
  readonly hasClock: boolean;
}

/**
 * A moment of a chart: `12:30 · 20:15:03` of a session, `12:30` of a file, `20:15:03` of a live stream, with the date
 * where it is not today's.
 *
 * @param x seconds since 1970
 */
export function momentName(x: number, zero: Zero | null): string {
  const date = new Date(x * 1000);
  const time = clock(date.toISOString());
  if (zero !== null) return zero.hasClock ? `${elapsed(x - zero.x)} · ${time}` : elapsed(x - zero.x);
  return date.toDateString() === new Date().toDateString()
    ? time
    : `${date.toLocaleDateString(locale())} ${time}`;
}

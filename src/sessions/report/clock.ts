import type { TimeRange } from '../../log/time-range.ts';
import { ENGLISH, type ReportLanguage } from './languages/report-language.ts';

/**
 * Dates and clock times of one time zone, in one language. If its offset changes within `span`, because
 * daylight-saving time begins or ends, times also name it: `02:50:00 CEST`.
 */
export class Clock {
  readonly zone: string;
  readonly language: ReportLanguage;
  readonly #date: Intl.DateTimeFormat;
  readonly #time: Intl.DateTimeFormat;

  constructor(
    zone: string = Intl.DateTimeFormat().resolvedOptions().timeZone,
    span?: TimeRange,
    language: ReportLanguage = ENGLISH,
  ) {
    this.zone = zone;
    this.language = language;
    const at = { timeZone: zone } as const;
    const { locale } = language;
    this.#date = new Intl.DateTimeFormat(locale, { ...at, day: 'numeric', month: 'long', year: 'numeric' });
    this.#time = new Intl.DateTimeFormat(locale, {
      ...at,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      ...(span && offsetAt(zone, span.fromMs) !== offsetAt(zone, span.toMs) && { timeZoneName: 'short' }),
    });
  }

  date(ms: number): string {
    return this.#date.format(ms);
  }

  time(ms: number): string {
    return this.#time.format(ms);
  }

  /** `20 November 2026, 20:15:03` */
  at(ms: number): string {
    return `${this.date(ms)}, ${this.time(ms)}`;
  }

  /** `20 November 2026, 20:15:03 to 21:02:13`; the second date only if it differs. */
  span(fromMs: number, toMs: number): string {
    const sameDay = this.date(fromMs) === this.date(toMs);
    return this.language.texts.span(this.at(fromMs), sameDay ? this.time(toMs) : this.at(toMs));
  }
}

/** Offset of a zone from UTC at a time, as `GMT+02:00`. */
function offsetAt(timeZone: string, ms: number): string | undefined {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(ms);
  return parts.find(({ type }) => type === 'timeZoneName')?.value;
}

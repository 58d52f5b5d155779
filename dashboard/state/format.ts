import { locale, t } from './i18n.ts';
/** Shown instead of an unknown number. */
export const UNKNOWN = '–';

/** +0.31, −0.05 as the language writes it: always a sign, always the same width in tabular figures. */
export function signed(value: number | null | undefined): string {
  if (value == null || Number.isNaN(value)) return UNKNOWN;
  const text = decimals(Math.abs(value), 2);
  return Math.abs(value) < 0.005 ? text : `${value < 0 ? '−' : '+'}${text}`;
}

export const fixed = (value: number | null | undefined, digits: number): string =>
  value == null ? UNKNOWN : `${value < 0 ? '−' : ''}${decimals(Math.abs(value), digits)}`;

/** "1 and 2" in the language of the page. */
export const listed = (words: readonly string[]): string => new Intl.ListFormat(locale()).format(words);

const formats = new Map<string, Intl.NumberFormat>();

/** Called for several numbers twice a second: formats are kept. */
function decimals(value: number, digits: number): string {
  const key = `${locale()} ${digits}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale(), {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      useGrouping: false,
    });
    formats.set(key, format);
  }
  return format.format(value);
}

/** Time of day of an ISO time, in the browser's time zone: `20:15:03`. */
export function clock(time: string): string {
  return new Date(time).toLocaleTimeString(locale(), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
}

/** Duration in seconds as `0:07`, `12:30`, `1:02:30`. */
export function elapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const tail = `${h > 0 ? String(min).padStart(2, '0') : min}:${String(s).padStart(2, '0')}`;
  return h > 0 ? `${h}:${tail}` : tail;
}

export const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

export const markerCount = (count: number): string => t('session.markers', { count });

import { locale } from './i18n.ts';

type Moment = string | number | Date;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formats are costly to make, and used by the row. */
function formatOf(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${name}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale(), options);
    formats.set(key, format);
  }
  return format;
}

/** A date has its year where that is not the present one, so that last year's is not taken for this year's. */
function dated(name: string, options: Intl.DateTimeFormatOptions, moment: Moment): string {
  const date = new Date(moment);
  if (isThisYear(date)) return formatOf(name, options).format(date);
  return formatOf(`${name} year`, { ...options, year: 'numeric' }).format(date);
}

export const isThisYear = (date: Date): boolean => date.getFullYear() === new Date().getFullYear();

/** Hours of 24 in every language, as in reports: they fit an axis, and one page has one clock. */
const MINUTES = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** `14:05`. */
export const timeOfDay = (moment: Moment): string => formatOf('time', MINUTES).format(new Date(moment));

/** `20 Nov, 14:05`, as the language writes it; `20 Nov 2025, 14:05` in another year. */
export const dateTime = (moment: Moment): string =>
  dated('dateTime', { day: 'numeric', month: 'short', ...MINUTES }, moment);

/** `20 Nov, 14:05 – 14:09`; what both have in common stands once. */
export function dateTimeRange(from: string, to: string): string {
  const options = { day: 'numeric', month: 'short', ...MINUTES } as const;
  const [start, end] = [new Date(from), new Date(to)];
  if (isThisYear(start) && isThisYear(end)) return formatOf('dateTime', options).formatRange(start, end);
  return formatOf('dateTime year', { ...options, year: 'numeric' }).formatRange(start, end);
}

/** `20 Nov 2026, 14:05`. */
export const dateTimeWithYear = (moment: Moment): string =>
  formatOf('dateTime with year', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' }).format(
    new Date(moment),
  );

/** `20 November 2026 at 14:05`. */
export const fullDateTime = (moment: Moment): string =>
  formatOf('full dateTime', { dateStyle: 'long', timeStyle: 'short', hourCycle: 'h23' }).format(
    new Date(moment),
  );

/** `20 Nov`; `20 Nov 2025` in another year. */
export const dayAndMonth = (moment: Moment): string =>
  dated('dayAndMonth', { day: 'numeric', month: 'short' }, moment);

/** `20 Nov` in any year: for an axis that names the year elsewhere. */
export const dayWithoutYear = (moment: Moment): string =>
  formatOf('dayAndMonth', { day: 'numeric', month: 'short' }).format(new Date(moment));

/** `20 Nov 2025`, in the present year too. */
export const dayWithYear = (moment: Moment): string =>
  formatOf('dayAndMonth year', { day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(moment));

/** `20 November 2026`. */
export const fullDate = (moment: Moment): string =>
  formatOf('date', { dateStyle: 'long' }).format(new Date(moment));

/** `Fri 20 Nov`; `Thu 20 Nov 2025` in another year. */
export const shortDate = (moment: Moment): string =>
  dated('shortDate', { weekday: 'short', day: 'numeric', month: 'short' }, moment);

/** `Fri 20 Nov` in any year. */
export const shortDateWithoutYear = (moment: Moment): string =>
  formatOf('shortDate', { weekday: 'short', day: 'numeric', month: 'short' }).format(new Date(moment));

/** `Nov`. */
export const month = (moment: Moment): string =>
  formatOf('month', { month: 'short' }).format(new Date(moment));

/** `2026`. */
export const year = (moment: Moment): string =>
  formatOf('year', { year: 'numeric' }).format(new Date(moment));

/** Name of a day of the week, 0 for Monday: `Mon`. */
export const weekday = (index: number): string =>
  formatOf('weekday', { weekday: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, 1 + index)));

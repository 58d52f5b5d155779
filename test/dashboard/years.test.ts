import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { timeTicks } from '../../dashboard/draw/time-ticks.ts';
import { yearsOf } from '../../dashboard/state/chart-years.ts';
import { dateTime, dateTimeRange, dayAndMonth, shortDate } from '../../dashboard/state/dates.ts';
import { ENGLISH, showLanguage } from '../../dashboard/state/i18n.ts';

const show = (locale: string) => showLanguage({ language: locale.slice(0, 2), locale, messages: ENGLISH });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(new Date(2026, 1, 10, 12));
});
afterEach(() => {
  vi.useRealTimers();
  show('en-GB');
});

it.each([
  ['en-GB', '31 Dec 2025, 14:05', '31 Dec 2025', /2025/],
  ['de-DE', '31. Dez. 2025, 14:05', '31. Dez. 2025', /2025/],
  ['fr-FR', '31 déc. 2025, 14:05', '31 déc. 2025', /2025/],
  ['es-ES', '31 dic 2025, 14:05', '31 dic 2025', /2025/],
] as const)(
  'dates of another year have the year in %s, those of this year do not',
  (locale, time, day, year) => {
    show(locale);
    const [before, now] = [new Date(2025, 11, 31, 14, 5), new Date(2026, 0, 2, 14, 5)];
    expect(dateTime(before)).toBe(time);
    expect(dayAndMonth(before)).toBe(day);
    expect(shortDate(before)).toMatch(year);
    for (const format of [dateTime, dayAndMonth, shortDate]) expect(format(now)).not.toMatch(/202\d/);
  },
);

it('a range of times names its day and year once, and each where it changes', () => {
  show('en-GB');
  const range = (...[from, to]: Date[]) =>
    dateTimeRange(from!.toISOString(), to!.toISOString()).replace(/\s*–\s*/, '–');
  const start = new Date(2026, 0, 2, 23, 58);
  expect(range(start, new Date(2026, 0, 2, 23, 59))).toBe('2 Jan, 23:58–23:59');
  expect(range(start, start)).toBe('2 Jan, 23:58');
  expect(range(start, new Date(2026, 0, 3, 0, 4))).toBe('2 Jan, 23:58–3 Jan, 00:04');
  expect(range(new Date(2025, 11, 31, 23, 58), new Date(2026, 0, 1, 0, 4))).toBe(
    '31 Dec 2025, 23:58–1 Jan 2026, 00:04',
  );
});

it('the axis of a long chart names each year once', () => {
  show('en-GB');
  const range = { from: new Date(2025, 9, 15).getTime() / 1000, to: new Date(2026, 1, 10).getTime() / 1000 };
  expect(timeTicks(range, 6).map(({ label }) => label)).toEqual([
    '1 Nov 2025',
    '1 Dec',
    '1 Jan 2026',
    '1 Feb',
  ]);
  const thisYear = {
    from: new Date(2026, 0, 3).getTime() / 1000,
    to: new Date(2026, 1, 10).getTime() / 1000,
  };
  for (const { label } of timeTicks(thisYear, 6)) expect(label).not.toMatch(/202\d/);
});

it('the year chart has its years, without one that is too short to be named', () => {
  show('en-GB');
  const years = (from: Date, to: Date) => yearsOf(from.getTime(), to.getTime()).map(({ label }) => label);
  expect(years(new Date(2025, 7, 1), new Date(2026, 7, 1))).toEqual(['2025', '2026']);
  expect(years(new Date(2025, 11, 20), new Date(2026, 11, 20))).toEqual(['2026']);
  expect(years(new Date(2025, 10, 30), new Date(2026, 10, 30))).toEqual(['2025', '2026']);
  const tight = yearsOf(new Date(2025, 10, 30).getTime(), new Date(2026, 10, 30).getTime());
  expect(tight.map(({ isTight }) => isTight)).toEqual([true, false]);
  expect(years(new Date(2026, 0, 1), new Date(2027, 0, 1))).toEqual(['2026']);
  expect(yearsOf(new Date(2025, 7, 1).getTime(), new Date(2026, 7, 1).getTime())[1]!.ms).toBe(
    new Date(2026, 0, 1).getTime(),
  );
});

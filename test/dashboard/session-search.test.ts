import { expect, test } from 'vitest';
import { momentName } from '../../dashboard/state/moment-name.ts';
import {
  NO_FILTER,
  queryOf,
  readFilter,
  sessionsHref,
  taggedHref,
} from '../../dashboard/state/session-search.ts';

const read = (hash: string) => readFilter(new URLSearchParams(hash.slice(1)));

test('a search is in the address, whole', () => {
  const filter = { text: 'harp & “bells”', tag: 'über, alles', from: '2026-11-20', to: '2026-11-21' };
  expect(read(sessionsHref(filter))).toEqual(filter);
  expect(sessionsHref(NO_FILTER)).toBe('#sessions');
  expect(taggedHref('group a')).toBe('#sessions&tag=group%20a');
});

test('what is no day in an address is left out', () => {
  expect(read('#sessions&from=yesterday&to=2026-13-40')).toEqual(NO_FILTER);
});

test('asks for whole days, text and tag', () => {
  const { from, to, ...rest } = queryOf({ text: ' harp ', tag: 'a', from: '2026-11-20', to: '2026-11-20' });
  expect(rest).toEqual({ q: 'harp', tag: 'a' });
  expect(Date.parse(to!) - Date.parse(from!)).toBe(86_400_000);
});

test('names moments of a session since its start and by the clock, those of a file since its start', () => {
  const x = new Date(2026, 10, 20, 14, 5, 22).getTime() / 1000;
  expect(momentName(x, { x: x - 75, hasClock: true })).toBe('1:15 · 14:05:22');
  expect(momentName(x, { x: x - 75, hasClock: false })).toBe('1:15');
  expect(momentName(x, null)).toContain('14:05:22');
});

import { expect, test } from 'vitest';
import { time } from '../../src/util/schemas.ts';

test.each([
  ['2026-03-29T02:30:00', '2026-03-29T02:30:00.000Z'],
  ['2026-03-29', '2026-03-29T00:00:00.000Z'],
  ['2026-10-25T02:30:00+02:00', '2026-10-25T00:30:00.000Z'],
  // As in a query whose "+" was not encoded.
  ['2026-10-25T02:30:00 02:00', '2026-10-25T00:30:00.000Z'],
  ['2026-10-25T02:30 0100', '2026-10-25T01:30:00.000Z'],
  ['2026-10-25T02:30:00-0330', '2026-10-25T06:00:00.000Z'],
  ['1795987000.5', '2026-11-29T21:16:40.500Z'],
])('%s is a time', (text, iso) => {
  expect(new Date(time.parse(text)).toISOString()).toBe(iso);
});

test.each(['2026-02-30', '2026-10-25 02:30', '2026-10-25T02:30:00  02:00', '2026-10-25 02:00', '-1', ''])(
  '"%s" is none',
  (text) => {
    expect(time.safeParse(text).success).toBe(false);
  },
);

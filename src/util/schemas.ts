import { z } from 'zod';
import { STREAM_NAME } from '../types.ts';
import { parseDuration } from './duration.ts';

const EXPECTED = 'expected an ISO 8601 time or seconds since 1970';

/** A time in ISO 8601 (UTC if it has no zone) or seconds since 1970, parsed to ms since 1970. */
export const time = z
  .string(EXPECTED)
  .transform((text, context): number => {
    const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : parseIso(text);
    if (Number.isFinite(ms) && Math.abs(ms) < 8.64e15) return Math.round(ms);
    context.addIssue({ code: 'custom', message: `${EXPECTED}, got "${text}"` });
    return z.NEVER;
  })
  .meta({ description: 'ISO 8601 (UTC if it has no zone) or seconds since 1970.' });

/** The same in JSON, in which the seconds may be a number. */
export const jsonTime = z
  .union([z.string(), z.number()], EXPECTED)
  .transform((value) => String(value))
  .pipe(time)
  .meta({ description: 'ISO 8601 (UTC if it has no zone) or seconds since 1970.' });

/** In a query, the `+` of a zone that was not encoded arrives as a space. */
const SPACE_OF_ZONE = /(?<=T.*) (?=\d\d:?\d\d$)/;
const ISO = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

function parseIso(given: string): number {
  const text = given.replace(SPACE_OF_ZONE, '+');
  const match = ISO.exec(text);
  if (!match || !isDay(match[1]!)) return Number.NaN;
  return Date.parse(match[2] !== undefined && match[5] === undefined ? `${text}Z` : text);
}

/** Whether the day exists: `Date.parse` reads 30 February as 2 March. */
function isDay(day: string): boolean {
  const ms = Date.parse(day);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(day);
}

/** A time in a response of the server. */
export const isoTime = z.string().meta({ format: 'date-time', example: '2026-11-20T20:15:03.512Z' });

/** A duration as text, such as `90d` or `10s`. Checked, but not converted. */
export const duration = (minMs: number, maxMs: number, example: string) =>
  z.string(`expected a duration such as "${example}"`).refine((text) => {
    const ms = parseDuration(text);
    return ms !== undefined && ms >= minMs && ms <= maxMs;
  }, `expected a duration such as "${example}"`);

/** The name of a stream, an alert or a webhook. */
export const anyName = (expected = 'expected a name') =>
  z
    .string(expected)
    .regex(STREAM_NAME, 'expected 1 to 64 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit');

export const streamName = anyName().meta({ description: 'Name of a stream.', example: 'booth' });

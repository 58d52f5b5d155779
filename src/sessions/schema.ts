import { z } from 'zod';
import { isoTime, jsonTime, streamName, time } from '../util/schemas.ts';

/** The code by which a session is called: two words and two digits. No name of a person is asked for. */
export const SESSION_CODE = /^[a-z]{2,12}-[a-z]{2,12}-\d{2,4}$/;

export const sessionCode = z
  .string()
  .regex(SESSION_CODE, 'expected a code such as calm-otter-42')
  .meta({ description: 'Code of a session.', example: 'calm-otter-42' });

/** Text on one line. */
const line = (most: number) =>
  z
    .string(`expected a text of at most ${most} characters`)
    .trim()
    .max(most, `expected at most ${most} characters`)
    .refine((text) => !/\p{Cc}/u.test(text), 'expected no control characters');

export const tag = line(64)
  .min(1, 'expected at least one character')
  .regex(/^[^,]*$/, 'expected no comma');

const title = line(200).nullable().meta({ description: 'What it is called on the page, if anything.' });
const notes = z
  .string('expected a text')
  .max(20_000, 'expected at most 20000 characters')
  .meta({ description: 'Free text, kept with the session and erased with it.' });
const tags = z
  .array(tag, 'expected a list of tags')
  .max(32, 'expected at most 32 tags')
  .transform((all) => [...new Set(all)]);

/** Body of `POST /v1/sessions`. */
export const newSession = z
  .strictObject({
    stream: streamName,
    title: title.optional(),
    tags: tags.optional(),
    notes: notes.optional(),
    startedAt: jsonTime.optional().meta({ description: 'For what has begun already; now where not given.' }),
    stoppedAt: jsonTime.optional().meta({ description: 'For what is over already.' }),
  })
  .meta({ id: 'NewSession' });

/** Body of `PATCH /v1/sessions/:id`. */
export const sessionChange = z
  .strictObject({ title: title.optional(), tags: tags.optional(), notes: notes.optional() })
  .meta({ id: 'SessionChange' });

export const session = z
  .object({
    id: sessionCode,
    stream: z.string(),
    title: z.string().nullable(),
    tags: z.array(z.string()),
    notes: z.string(),
    state: z.enum(['open', 'stopped']),
    startedAt: isoTime,
    stoppedAt: isoTime.nullable(),
    seconds: z.number().meta({ description: 'Its length; of an open one, so far.' }),
    markers: z.int().meta({ description: 'How many markers it has.' }),
  })
  .meta({ id: 'Session', description: 'A span of a stream that a person keeps.' });

export const sessionQuery = z.object({
  stream: streamName.optional(),
  tag: tag.optional(),
  state: z.enum(['open', 'stopped'], 'expected open or stopped').optional(),
  from: time.optional().meta({ description: 'Only sessions that were going on at or after this time.' }),
  to: time.optional().meta({ description: 'Only sessions that began before this time.' }),
  limit: z.coerce
    .number('expected a number')
    .int('expected a whole number')
    .min(1, 'expected at least 1')
    .max(200, 'expected at most 200')
    .default(50),
  cursor: z.string().max(64, 'expected a cursor of an earlier answer').optional().meta({
    description: '`next` of the page before.',
  }),
});

export const sessionList = z
  .object({
    sessions: z.array(session).meta({ description: 'Newest first.' }),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null on the last.' }),
  })
  .meta({ id: 'Sessions' });

export const eraseQuery = z.object({
  frames: z
    .enum(['0', '1'], 'expected 0 or 1')
    .optional()
    .meta({ description: '1: the frames of its range as well; the default is the server’s own rule.' }),
});

/** What a request may say, before it is checked. */
export type NewSession = z.input<typeof newSession>;
export type SessionChange = z.input<typeof sessionChange>;
export type SessionQuery = z.input<typeof sessionQuery>;
/** The same, checked. */
export type CheckedNewSession = z.output<typeof newSession>;
export type CheckedSessionChange = z.output<typeof sessionChange>;
export type CheckedSessionQuery = z.output<typeof sessionQuery>;
export type Session = z.output<typeof session>;
export type SessionList = z.output<typeof sessionList>;

const note = z
  .string('expected a text')
  .max(2_000, 'expected at most 2000 characters')
  .meta({ description: 'What happened; may be added later.' });

/** Body of `POST /v1/sessions/:id/markers`. */
export const newMarker = z
  .strictObject({
    time: jsonTime.optional().meta({ description: 'When it happened; now where not given.' }),
    note: note.optional(),
  })
  .meta({ id: 'NewMarker' });

/** Body of `PATCH /v1/sessions/:id/markers/:marker`. */
export const markerChange = z
  .strictObject({ time: jsonTime.optional(), note: note.optional() })
  .meta({ id: 'MarkerChange' });

export const marker = z
  .object({
    id: z.int(),
    time: isoTime,
    at: z.number().meta({ description: 'Seconds since the session began.' }),
    run: z.int().nullable().meta({ description: 'Run of the stream; null where nothing was heard.' }),
    t: z.number().nullable().meta({ description: 'Seconds of audio of that run; null as `run`.' }),
    note: z.string(),
  })
  .meta({ id: 'Marker' });

export const markerList = z.object({ markers: z.array(marker) }).meta({ id: 'Markers' });

export type NewMarker = z.input<typeof newMarker>;
export type MarkerChange = z.input<typeof markerChange>;
export type CheckedNewMarker = z.output<typeof newMarker>;
export type CheckedMarkerChange = z.output<typeof markerChange>;
export type Marker = z.output<typeof marker>;

/** `/v1/sessions/:id/report?…`. */
export const reportQuery = z.object({
  format: z
    .enum(['html', 'pdf', 'text'], 'expected html, pdf or text')
    .default('html')
    .meta({ description: '`pdf` needs a Chromium or Chrome on the server’s computer.' }),
  zone: z
    .string()
    .refine(isZone, 'expected a time zone such as Europe/Oslo')
    .optional()
    .meta({ description: 'Time zone of its clock times; the server’s own where not given.' }),
});

export type ReportQuery = z.input<typeof reportQuery>;
export type ReportFormat = z.output<typeof reportQuery>['format'];

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

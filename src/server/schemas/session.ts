import { z } from 'zod';
import { streamName } from './stream-name.ts';
import { isoTime, jsonTime, time } from './time.ts';

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

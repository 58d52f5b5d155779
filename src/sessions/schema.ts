import { z } from 'zod';
import { framesQuery } from '../log/query.ts';
import { UserError } from '../user-error.ts';
import { isoTime, jsonTime, streamName, time } from '../util/schemas.ts';
import { line, recordNumber, target } from './record-schema.ts';
import { reportLanguage } from './report/languages/report-language.ts';

/** What the API accepts and returns for sessions, their markers and their reports. */

// ── sessions ────────────────────────────────────────────────────────────────────────────────────

/** A session's code: two words and a number, such as `calm-otter-42`. */
const SESSION_CODE = /^[a-z]{2,12}-[a-z]{2,12}-\d{2,4}$/;

const sessionCode = z
  .string()
  .regex(SESSION_CODE, 'expected a code such as calm-otter-42')
  .meta({ description: 'Code of a session.', example: 'calm-otter-42' });

const tag = line(64)
  .min(1, 'expected at least one character')
  .regex(/^[^,]*$/, 'expected no comma');

const title = line(200).nullable().meta({ description: 'Title, shown on the dashboard and in the report.' });
const notes = z
  .string('expected a text')
  .max(20_000, 'expected at most 20000 characters')
  .meta({ description: 'Free text, stored with the session and erased with it.' });
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
    recordNumber: recordNumber.optional(),
    target: target.optional(),
    startedAt: jsonTime
      .optional()
      .meta({ description: 'Start, for a session that has already begun; default: now.' }),
    stoppedAt: jsonTime.optional().meta({ description: 'End, for a session that is already over.' }),
    key: z
      .string('expected a text')
      .regex(/^[\w.:-]{1,64}$/, 'expected 1 to 64 of letters, digits, ".", "_", ":" and "-"')
      .optional()
      .meta({
        description:
          'A text of the client that no other start has, such as a UUID. The same start, sent again because its answer was lost, then begins no second session: the answer is the first one.',
      }),
  })
  .meta({ id: 'NewSession' });

/** Body of `POST /v1/sessions/:id/stop`. */
export const sessionStop = z
  .strictObject({
    stoppedAt: jsonTime.optional().meta({
      description:
        'End, for a request that arrives later than somebody stopped the session; default: now. Not before the newest marker: it is then the end.',
    }),
  })
  .meta({ id: 'SessionStop' });

/** Body of `PATCH /v1/sessions/:id`. */
export const sessionChange = z
  .strictObject({
    title: title.optional(),
    tags: tags.optional(),
    notes: notes.optional(),
    recordNumber: recordNumber.optional(),
    target: target.optional(),
  })
  .meta({ id: 'SessionChange' });

const streamTime = z
  .object({ run: z.int(), t: z.number() })
  .nullable()
  .meta({ description: 'Run of the stream and seconds of audio; null if it received no audio then.' });

export const session = z
  .object({
    id: sessionCode,
    stream: z.string(),
    title: z.string().nullable(),
    tags: z.array(z.string()),
    notes: z.string(),
    recordNumber: z.string().nullable(),
    target: target,
    signed: z
      .object({ name: z.string(), time: isoTime })
      .nullable()
      .meta({ description: 'Who signed it, and when; a signed session is locked. null: not signed.' }),
    state: z.enum(['open', 'stopped']),
    startedAt: isoTime,
    stoppedAt: isoTime.nullable(),
    seconds: z.number().meta({
      description: 'Length; for an open session, so far. It does not depend on changes of the clock.',
    }),
    start: streamTime,
    stop: streamTime,
    clockChanges: z
      .array(
        z.object({
          at: z.number().meta({ description: 'Seconds since the start of the session.' }),
          seconds: z.number().meta({ description: 'How far the clock was set; negative: back.' }),
        }),
      )
      .meta({ description: "Changes of the computer's clock during the session." }),
    markers: z.int().meta({ description: 'Number of markers.' }),
  })
  .meta({ id: 'Session', description: 'A named span of a stream.' });

const sessionTrack = z
  .object({
    title: z.string(),
    artist: z.string().nullable(),
    at: z.number().meta({
      description: 'Seconds from the start of the session until it began; 0 if it began before.',
    }),
    seconds: z.number().meta({ description: 'How long it played within the session.' }),
    valence: z.number().nullable().meta({
      description: 'Mean over its music; null without music, and where the session has only a part of it.',
    }),
    arousal: z.number().nullable(),
  })
  .meta({ id: 'SessionTrack' });

export const sessionTrackList = z
  .object({ tracks: z.array(sessionTrack).meta({ description: 'In the order in which they were played.' }) })
  .meta({ id: 'SessionTracks' });

/** Query of `GET /v1/sessions`. */
export const sessionQuery = z.object({
  stream: streamName.optional(),
  tag: tag.optional(),
  q: line(200).optional().meta({
    description: 'Only sessions with this text in their code, title, tags, notes or record number.',
  }),
  state: z.enum(['open', 'stopped'], 'expected open or stopped').optional(),
  from: time.optional().meta({ description: 'Only sessions that were open at or after this time.' }),
  to: time.optional().meta({ description: 'Only sessions that began before this time.' }),
  limit: z.coerce
    .number('expected a number')
    .int('expected a whole number')
    .min(1, 'expected at least 1')
    .max(200, 'expected at most 200')
    .default(50),
  cursor: z.string().max(64, 'expected a cursor of an earlier answer').optional().meta({
    description: '`next` of the previous page.',
  }),
});

export const sessionList = z
  .object({
    sessions: z.array(session).meta({ description: 'Newest first.' }),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null on the last page.' }),
  })
  .meta({ id: 'Sessions' });

/** Query of `GET /v1/sessions/:id/emotions`. */
export const sessionFramesQuery = z.object({
  ...framesQuery.shape,
  target: z.enum(['yes', 'no'], 'expected yes or no').default('no').meta({
    description:
      '`yes`: each row also has `targetValence`, `targetArousal` and `targetDistance`; null where the session has no target.',
  }),
  times: z.enum(['clock', 'session'], 'expected clock or session').default('clock').meta({
    description:
      "`session`: times continue the clock of the session's start, as if it had not been set since. `clock`: as recorded.",
  }),
});

/** Query of `DELETE /v1/sessions/:id`. */
export const eraseQuery = z.object({
  frames: z.enum(['0', '1'], 'expected 0 or 1').optional().meta({
    description: '`1`: also erases the frames of its time span. Default: as the server is configured.',
  }),
});

export type NewSession = z.input<typeof newSession>;
export type SessionStop = z.input<typeof sessionStop>;
export type SessionChange = z.input<typeof sessionChange>;
export type SessionQuery = z.input<typeof sessionQuery>;
export type CheckedNewSession = z.output<typeof newSession>;
export type CheckedSessionStop = z.output<typeof sessionStop>;
export type CheckedSessionChange = z.output<typeof sessionChange>;
export type CheckedSessionQuery = z.output<typeof sessionQuery>;
export type Session = z.output<typeof session>;
export type SessionList = z.output<typeof sessionList>;
export type SessionTrack = z.output<typeof sessionTrack>;

// ── markers ─────────────────────────────────────────────────────────────────────────────────────

const note = z
  .string('expected a text')
  .max(2_000, 'expected at most 2000 characters')
  .meta({ description: 'Free text; can be added later.' });

/** Body of `POST /v1/sessions/:id/markers`. */
export const newMarker = z
  .strictObject({
    time: jsonTime.optional().meta({ description: 'Time of the marker; default: now.' }),
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
    at: z.number().meta({ description: 'Seconds since the start of the session.' }),
    run: z
      .int()
      .nullable()
      .meta({ description: 'Run of the stream; null if the stream received no audio at that time.' }),
    t: z.number().nullable().meta({ description: 'Seconds of audio of that run; null if `run` is.' }),
    note: z.string(),
  })
  .meta({ id: 'Marker' });

export const markerList = z.object({ markers: z.array(marker) }).meta({ id: 'Markers' });

export type NewMarker = z.input<typeof newMarker>;
export type MarkerChange = z.input<typeof markerChange>;
export type CheckedNewMarker = z.output<typeof newMarker>;
export type CheckedMarkerChange = z.output<typeof markerChange>;
export type Marker = z.output<typeof marker>;

// ── reports ─────────────────────────────────────────────────────────────────────────────────────

/** Query of `GET /v1/sessions/:id/report`. */
export const reportQuery = z.object({
  format: z
    .enum(['html', 'pdf', 'text'], 'expected html, pdf or text')
    .default('html')
    .meta({ description: '`pdf` needs Chromium or Chrome on the computer that runs the server.' }),
  zone: z
    .string()
    .refine(isZone, 'expected a time zone such as Europe/Oslo')
    .optional()
    .meta({ description: 'Time zone of the clock times. Default: the time zone of the server.' }),
  language: reportLanguage.default('en').meta({ description: 'Language of the texts, dates and numbers.' }),
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

// ── errors ──────────────────────────────────────────────────────────────────────────────────────

/** A value in a request that is valid by itself but not with the stored data, such as a time outside its session. */
export class InvalidField extends UserError {
  readonly field: { readonly path: string; readonly expected: string; readonly got: string };

  /** @param message what is wrong; by default the expected value */
  constructor(field: InvalidField['field'], message = `${field.path}: expected ${field.expected}`) {
    super('bad-request', `The request is invalid: ${message}.`);
    this.field = field;
  }
}

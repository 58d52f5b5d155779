import { z } from 'zod';
import { isoTime } from '../util/schemas.ts';

/** What makes a session a record: its target, its signature, addenda and earlier versions of notes. */

/** Text on one line. */
export const line = (most: number) =>
  z
    .string(`expected a text of at most ${most} characters`)
    .trim()
    .max(most, `expected at most ${most} characters`)
    .refine((text) => !/\p{Cc}/u.test(text), 'expected no control characters');

export const recordNumber = line(64)
  .nullable()
  .meta({ description: 'Number of the session in your own records, printed on the report.' });

const level = z
  .number('expected a number from -1 to 1')
  .min(-1, 'expected at least -1')
  .max(1, 'expected at most 1');
const MAX_TARGET_SECONDS = 7 * 86_400;
export const target = z
  .array(
    z.strictObject({
      t: z
        .number('expected seconds since the start')
        .min(0, 'expected at least 0')
        .max(MAX_TARGET_SECONDS, `expected at most ${MAX_TARGET_SECONDS}`)
        .meta({ description: 'Seconds since the start of the session.' }),
      valence: level,
      arousal: level,
    }),
    'expected a list of points such as {"t":0,"valence":-0.3,"arousal":0.4}',
  )
  .min(2, 'expected at least 2 points')
  .max(64, 'expected at most 64 points')
  .refine((points) => points.every(({ t }, i) => i === 0 || t > points[i - 1]!.t), 'expected rising times t')
  .nullable()
  .meta({
    id: 'Target',
    description:
      'Where the music is meant to lead: a path over the plane, linear between its points. It begins with the first point; the last one holds until the session ends. null: no target.',
  });

const name = line(200).min(1, 'expected a name').meta({ description: 'Name of the signer.' });

/** Body of `POST /v1/sessions/:id/sign`. */
export const signature = z.strictObject({ name }).meta({ id: 'Signature' });

/** Body of `POST /v1/sessions/:id/addenda`. */
export const newAddendum = z
  .strictObject({
    name,
    text: z
      .string('expected a text')
      .trim()
      .min(1, 'expected a text')
      .max(20_000, 'expected at most 20000 characters'),
  })
  .meta({ id: 'NewAddendum' });

export const addendum = z
  .object({ id: z.int(), time: isoTime, name: z.string(), text: z.string() })
  .meta({ id: 'Addendum', description: 'A note that was added to a signed session.' });

export const addendumList = z
  .object({ addenda: z.array(addendum).meta({ description: 'Oldest first.' }) })
  .meta({ id: 'Addenda' });

const noteVersion = z
  .object({
    marker: z
      .int()
      .nullable()
      .meta({ description: 'Marker whose note it was; null: the notes of the session itself.' }),
    text: z.string(),
    replacedAt: isoTime.meta({ description: 'When it was replaced.' }),
  })
  .meta({ id: 'NoteVersion', description: 'An earlier version of a note.' });

export const noteVersions = z
  .object({ versions: z.array(noteVersion).meta({ description: 'Newest first.' }) })
  .meta({ id: 'NoteVersions' });

export type Addendum = z.output<typeof addendum>;
export type NewAddendum = z.input<typeof newAddendum>;
export type NoteVersion = z.output<typeof noteVersion>;

import { z } from 'zod';
import type { LibraryTrackInfo, NextCandidate } from '../../library/answers.ts';
import { TARGET_USAGE } from '../../library/next/arc.ts';
import { DEFAULT_LIMIT } from '../../library/next/choose-next.ts';
import { MOODS } from '../../mood.ts';
import { streamName } from '../../util/schemas.ts';
import { nextReason } from './next-reason.ts';

const MAX_LIMIT = 1000;

const onAxis = z.number().min(-1).max(1);
const point = z.object({ valence: onAxis, arousal: onAxis }).meta({ id: 'Point' });
const text = z.string().nullable();

const numberBetween = (min: number, max: number) =>
  z.coerce
    .number(`expected a number from ${min} to ${max}`)
    .min(min, `expected a number from ${min} to ${max}`)
    .max(max, `expected a number from ${min} to ${max}`);
const count = (max: number, fallback: number) =>
  numberBetween(1, max).int(`expected a whole number from 1 to ${max}`).default(fallback);

/** A parameter that may be given several times. */
const list = z
  .union([z.string(), z.array(z.string()).max(1000, 'expected at most 1000 tracks')])
  .transform((value) => (typeof value === 'string' ? [value] : value));

export const nextQuery = z.object({
  stream: streamName.meta({ description: 'The stream that plays now.' }),
  target: z
    .string()
    .max(500)
    .optional()
    .meta({ description: `Where the music should go: ${TARGET_USAGE}.` }),
  playing: z.string().optional().meta({
    description:
      'Id or path of the track that plays, for its tempo and key. Default: the file of the stream, or the title that the station names, where it is in the library.',
  }),
  tempo: numberBetween(0.1, 100)
    .optional()
    .meta({ description: 'Only tracks whose tempo differs by at most this many percent.' }),
  keys: z
    .enum(['all', 'neighbors'], 'expected all or neighbors')
    .default('all')
    .meta({ description: '`neighbors`: only the same key and its neighbors on the Camelot wheel.' }),
  tolerance: numberBetween(0.001, 2)
    .optional()
    .meta({ description: 'Tracks first whose first emotion is this close to the forecast on both axes.' }),
  exclude: list.optional().meta({
    description:
      'Ids or paths of tracks that were played; may be repeated. Tracks whose titles the stream has named are left out anyway.',
  }),
  limit: count(100, DEFAULT_LIMIT),
});

const candidateFields = {
  id: z.int(),
  path: z.string(),
  title: text,
  artist: text,
  score: z.number().min(0).max(1).meta({ description: '1 for a track that fits perfectly.' }),
  reasons: z.array(z.string()).meta({ description: 'Why, in words; the strongest first.' }),
  why: z
    .array(nextReason)
    .meta({ description: 'The same as codes and values, for programs and other languages.' }),
  bpm: z.number().nullable(),
  key: text.meta({ example: 'F#m' }),
  camelot: text.meta({ example: '11A', description: 'Place of the key on the Camelot wheel.' }),
  mood: z.string(),
  opening: point,
  ending: point,
  seconds: z.number(),
} satisfies Record<keyof NextCandidate, z.ZodType>;

export const nextAnswer = z
  .object({ stream: z.string(), at: point, candidates: z.array(z.object(candidateFields)) })
  .meta({ id: 'NextTracks' });

export const libraryQuery = z.object({
  q: z.string().max(200).optional().meta({ description: 'Part of title, artist, album or path.' }),
  mood: z.enum(MOODS).optional(),
  limit: count(MAX_LIMIT, 100),
  offset: numberBetween(0, 1e9).int('expected a whole number').default(0),
});

const origin = z
  .enum(['import', 'tag', 'estimate'])
  .nullable()
  .meta({ description: "Another program's collection, the file's tags, or undertone's estimate." });

const trackFields = {
  id: z.int(),
  path: z.string(),
  title: text,
  artist: text,
  album: text,
  genre: text,
  rating: z.int().nullable().meta({ description: 'Stars, 1 to 5.' }),
  bpm: z.number().nullable(),
  bpmFrom: origin,
  key: text,
  camelot: text,
  keyFrom: origin,
  seconds: z.number(),
  loudness: z.number().nullable().meta({ description: 'Integrated loudness, LUFS.' }),
  valence: onAxis,
  arousal: onAxis,
  mood: z.string(),
  low: point.meta({ description: 'The 5th percentiles of the track.' }),
  high: point.meta({ description: 'The 95th percentiles.' }),
  opening: point,
  ending: point,
  model: z.string(),
} satisfies Record<keyof LibraryTrackInfo, z.ZodType>;

export const libraryAnswer = z
  .object({
    total: z.int().meta({ description: 'Number of tracks that match.' }),
    tracks: z.array(z.object(trackFields)),
  })
  .meta({ id: 'LibraryTracks' });

export const scanAnswer = z
  .object({
    state: z.enum(['scanning', 'analyzing', 'done', 'stopped', 'failed']),
    done: z.int().meta({ description: 'Changed files that are finished.' }),
    total: z.int().meta({ description: 'Files that are new or have changed.' }),
    failed: z.int().meta({ description: 'Finished files that could not be analyzed.' }),
    message: z.string().nullable().meta({ description: 'Why the scan failed; null if it did not.' }),
  })
  .meta({ id: 'LibraryScan' });

export const foldersAnswer = z
  .object({
    folders: z.array(
      z.object({
        path: z.string(),
        tracks: z.int(),
        seconds: z.int().meta({ description: 'Length of its tracks together.' }),
        missing: z.int().meta({ description: 'Tracks whose files were not found at the last scan.' }),
        failed: z.int().meta({ description: 'Files that could not be analyzed.' }),
      }),
    ),
    allowed: z
      .array(z.string())
      .meta({ description: 'Folders of the configuration in which clients may add folders.' }),
    scan: scanAnswer.nullable().meta({ description: 'The scan that runs, or the last one since the start.' }),
  })
  .meta({ id: 'LibraryFolders' });

export const folderBody = z
  .strictObject({ path: z.string().min(1).max(4096).meta({ description: 'Absolute path.' }) })
  .meta({ id: 'NewFolder' });
export const folderQuery = z.object({ path: z.string().meta({ description: 'As listed.' }) });

export type NextQuery = z.output<typeof nextQuery>;
export type LibraryQuery = z.output<typeof libraryQuery>;

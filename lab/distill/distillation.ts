import { relative } from 'node:path';
import { recordingsIn } from '../../src/library/recordings-in.ts';
import { MEL_BANDS } from '../../src/stream/mel.ts';
import { FORECAST_HORIZONS } from '../../src/types.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Clip } from '../datasets/song.ts';
import type { Rendering } from '../train/augment/augmentation.ts';
import { type Example, type HearRequest, hearAll, hearExamples } from '../train/examples.ts';
import { memberOptions } from '../train/fit-ensemble.ts';
import { TRAINING, type TrainOptions } from '../train/options.ts';
import { cachedLessons } from './soft-target-cache.ts';

/** Pieces of unlabelled music are as long as most labelled clips: 10 s. */
const PIECE_STEPS = 20;

/** What a network may learn from → the same with lessons, and what else there is to learn from. */
export type Teach = (learned: readonly Example[], signal?: AbortSignal) => Promise<readonly Example[]>;

export interface SchoolRequest extends Omit<HearRequest, 'network'> {
  readonly options: TrainOptions;
  /** How the teachers are trained; as networks behind their front end are by default. */
  readonly teachers?: TrainOptions;
  /** Of the clips and of the unlabelled recordings. */
  readonly onClip?: () => void;
}

/**
 * Hears all clips once more as the teachers do, in the same sounds, and the unlabelled music. What it gives back
 * trains teachers anew for each set of songs that it is given, so that no teacher knows a song that its pupil is
 * judged by.
 */
export async function openSchool({ options, teachers, onClip, ...request }: SchoolRequest): Promise<Teach> {
  const { teacher: name, unlabelled: folders } = options;
  if (name === 'none') return async (learned) => learned;
  const teacher = memberOptions({ ...(teachers ?? TRAINING[name]), seed: options.seed }, 0);
  const music = folders.length > 0 ? await readUnlabelled(folders, request.dataset.tagCount) : undefined;
  const hearMusic = async (network: TrainOptions['network']) =>
    music
      ? (await hearExamples({ ...request, dataset: music, clips: music.clips, network }, onClip)).flatMap(
          (example) => cutExample(example, PIECE_STEPS),
        )
      : [];
  const theirRequest = { ...request, network: teacher.network };
  const theirs = await hearExamples(theirRequest, onClip);
  const byClip = new Map<Clip, Example>(theirs.map((example) => [example.clip, example]));
  const byRendering = new Map<Rendering, Example>();
  const theirPieces = await hearMusic(teacher.network);
  const pieces = await hearMusic(options.network);

  return async (learned, signal) => {
    const sounds = learned.flatMap(({ variants }) => variants ?? []).map(({ rendering }) => rendering!);
    const fresh = sounds.filter((rendering) => !byRendering.has(rendering));
    for (const example of await hearAll(theirRequest, fresh)) byRendering.set(example.rendering!, example);
    const labelled = learned.map(({ clip, variants }) => ({
      ...byClip.get(clip)!,
      ...(variants && { variants: variants.map(({ rendering }) => byRendering.get(rendering!)!) }),
    }));
    const lessons = await cachedLessons(
      { engine: request.engine, teacher, labelled, unlabelled: theirPieces, ...(signal && { signal }) },
      request.cacheFolder,
    );
    return [
      ...learned.map((example, i) => withLessons(example, lessons.labelled[i]!)),
      ...pieces.map((example, i) => ({ ...example, lessons: lessons.unlabelled[i]! })),
    ];
  };
}

function withLessons(example: Example, [own, ...others]: readonly Float32Array[]): Example {
  const { variants } = example;
  return {
    ...example,
    lessons: own!,
    ...(variants && {
      variants: variants.map((variant, i) => ({ ...variant, lessons: whereLabelled(variant, others[i]!) })),
    }),
  };
}

/** Of the song before, teachers may know the labels by heart: they teach where the clip is heard alone. */
function whereLabelled({ after, labels }: Example, lesson: Float32Array): Float32Array {
  return after ? lesson.map((value, i) => (Number.isNaN(labels[i]!) ? Number.NaN : value)) : lesson;
}

const CHANGES = 2 * FORECAST_HORIZONS.length;

/** Cuts what was heard of a long recording into pieces of at most `steps`, as if each were a clip. */
export function cutExample(example: Example, steps: number): Example[] {
  const pieces: Example[] = [];
  for (let from = 0; from < example.steps; from += steps) {
    pieces.push(pieceOf(example, from, Math.min(example.steps, from + steps)));
  }
  return pieces;
}

function pieceOf(
  { clip, mel, rows, steps, labels, changes, tags }: Example,
  from: number,
  to: number,
): Example {
  const first = mel?.ends[from - 1] ?? 0;
  const width = rows ? rows.length / steps : 0;
  return {
    clip,
    ...(mel && {
      mel: {
        frames: mel.frames.subarray(first * MEL_BANDS, mel.ends[to - 1]! * MEL_BANDS),
        ends: mel.ends.slice(from, to).map((end) => end - first),
      },
    }),
    ...(rows && { rows: rows.subarray(from * width, to * width) }),
    steps: to - from,
    labels: labels.subarray(2 * from, 2 * to),
    changes: changes.subarray(CHANGES * from, CHANGES * to),
    tags,
  };
}

/**
 * Every recording under the folders, as a data set that has no labels.
 *
 * @param tagCount of the labelled music beside it: the auxiliary targets that are missing here
 * @throws UserError `bad-data` where a folder cannot be read or holds no recording
 */
export async function readUnlabelled(folders: readonly string[], tagCount: number): Promise<Dataset> {
  const clips: Clip[] = [];
  for (const folder of folders) {
    for (const path of await recordingsIn([folder])) {
      const file = relative(folder, path);
      clips.push({ song: { id: file, artist: file }, path, file, startMs: 0 });
    }
  }
  return {
    folders,
    about: folders.map((folder) => `${folder}: ${clips.length} recordings without labels.`),
    clips,
    label: () => undefined,
    hasLabels: () => false,
    tags: () => undefined,
    tagCount,
  };
}

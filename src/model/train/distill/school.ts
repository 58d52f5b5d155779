import { type Example, type HearRequest, hearExamples } from '../examples.ts';
import { memberOptions } from '../member-options.ts';
import { TRAINING, type TrainOptions } from '../options.ts';
import type { Clip } from '../song.ts';
import { cutExample } from './cut-example.ts';
import { cachedLessons } from './lesson-cache.ts';
import { readUnlabelled } from './unlabelled-music.ts';

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
 * Hears all clips once more as the teachers do, and the unlabelled music. What it gives back trains teachers
 * anew for each set of songs that it is given, so that no teacher knows a song that its pupil is judged by.
 */
export async function openSchool({ options, teachers, onClip, ...request }: SchoolRequest): Promise<Teach> {
  const { teacher: name, unlabelled: folders } = options;
  if (name === 'none') return async (learned) => learned;
  const teacher = memberOptions({ ...(teachers ?? TRAINING[name]), seed: options.seed }, 0);
  const music = folders.length > 0 ? await readUnlabelled(folders, request.dataset.tagCount) : undefined;
  const hear = async (network: TrainOptions['network']) => ({
    clips: await hearExamples({ ...request, network }, onClip),
    pieces: music
      ? (await hearExamples({ ...request, dataset: music, clips: music.clips, network }, onClip)).flatMap(
          (example) => cutExample(example, PIECE_STEPS),
        )
      : [],
  });
  const theirs = await hear(teacher.network);
  const byClip = new Map<Clip, Example>(theirs.clips.map((example) => [example.clip, example]));
  const { pieces } = await hear(options.network);

  return async (learned, signal) => {
    const labelled = learned.map(({ clip }) => byClip.get(clip)!);
    const lessons = await cachedLessons(
      { engine: request.engine, teacher, labelled, unlabelled: theirs.pieces, ...(signal && { signal }) },
      request.cacheFolder,
    );
    return [
      ...learned.map((example, i) => ({ ...example, lessons: lessons.labelled[i]! })),
      ...pieces.map((example, i) => ({ ...example, lessons: lessons.unlabelled[i]! })),
    ];
  };
}

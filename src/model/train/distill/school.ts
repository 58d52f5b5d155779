import { type Example, type HearRequest, hearExamples, hearToLearn } from '../examples.ts';
import { memberOptions } from '../member-options.ts';
import { TRAINING, type TrainOptions } from '../options.ts';
import { type Clip, songKey } from '../song.ts';
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
 * Hears all clips once more as the teachers do, in the same sounds, and the unlabelled music. What it gives back
 * trains teachers anew for each set of songs that it is given, so that no teacher knows a song that its pupil is
 * judged by.
 */
export async function openSchool({ options, teachers, onClip, ...request }: SchoolRequest): Promise<Teach> {
  const { teacher: name, unlabelled: folders } = options;
  if (name === 'none') return async (learned) => learned;
  const { soundVariants, speedPercent, pitchCents, passages, passageGainDb, speech } = options;
  const sounds = { soundVariants, speedPercent, pitchCents, passages, passageGainDb, speech };
  const teacher = memberOptions({ ...(teachers ?? TRAINING[name]), ...sounds, seed: options.seed }, 0);
  const music = folders.length > 0 ? await readUnlabelled(folders, request.dataset.tagCount) : undefined;
  const hearMusic = async (network: TrainOptions['network']) =>
    music
      ? (await hearExamples({ ...request, dataset: music, clips: music.clips, network }, onClip)).flatMap(
          (example) => cutExample(example, PIECE_STEPS),
        )
      : [];
  const theirs = await hearToLearn({ ...request, network: teacher.network }, teacher, onClip);
  const byClip = new Map<Clip, Example>(theirs.map((example) => [example.clip, example]));
  const theirPieces = await hearMusic(teacher.network);
  const pieces = await hearMusic(options.network);

  return async (learned, signal) => {
    const labelled = learned.map((example) => heardAlike(example, byClip.get(example.clip)!));
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

/** The teachers' example with those variants alone that the pupil learns from, in the same order. */
function heardAlike(mine: Example, theirs: Example): Example {
  if (!mine.variants) return theirs;
  const waiting = new Map<string, Example[]>();
  for (const variant of theirs.variants ?? []) {
    waiting.set(soundOf(variant), [...(waiting.get(soundOf(variant)) ?? []), variant]);
  }
  return { ...theirs, variants: mine.variants.map((variant) => waiting.get(soundOf(variant))!.shift()!) };
}

/** Variants after the same song, or after none, are told apart by their order. */
function soundOf({ after }: Example): string {
  return after ? songKey(after) : '';
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

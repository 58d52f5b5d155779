import { type Example, type HearRequest, hearAll, hearExamples } from '../examples.ts';
import { memberOptions } from '../member-options.ts';
import { TRAINING, type TrainOptions } from '../options.ts';
import type { Rendering } from '../rendering.ts';
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

import type { Engine } from '../../src/model/engine.ts';
import { UserError } from '../../src/user-error.ts';
import { artistKey, type Song } from '../datasets/song.ts';
import type { Example } from '../train/example.ts';
import { Fit } from '../train/fit.ts';
import type { TrainOptions } from '../train/options.ts';
import { predict } from '../train/predict.ts';
import { hashOf } from '../train/random.ts';
import { interrupted } from '../train/run-folder.ts';
import { SequenceMaker, wholeClip } from '../train/sequence.ts';

/** Songs fall into this many parts; each teacher is trained on all parts but one. */
const TEACHERS = 3;
const SEED = 'undertone-lessons-1';

export interface TeacherRequest {
  readonly engine: Engine;
  /** Options of each teacher, for an ensemble of one. */
  readonly teacher: TrainOptions;
  /** The training songs of the student, with the features of the teachers. */
  readonly labeled: readonly Example[];
  /** Music without labels, with the features of the teachers. */
  readonly unlabeled: readonly Example[];
  readonly signal?: AbortSignal;
}

/** [steps, 2] valence and arousal for each example, in their order. */
export interface SoftTargets {
  /** For the example itself, then for each of its variants. */
  readonly labeled: readonly (readonly Float32Array[])[];
  readonly unlabeled: readonly Float32Array[];
}

/** An example as recorded, then its variants. */
export function versionsOf(example: Example): readonly Example[] {
  return [example, ...(example.variants ?? [])];
}

/**
 * Trains the teachers and predicts soft targets. A labeled song is predicted by the teacher that was not trained on
 * its artist: predictions for training songs would only repeat their labels. Unlabeled music gets the mean of all
 * teachers.
 *
 * @throws UserError `bad-data` if there are too few artists; `stopped` if `signal` aborted it
 */
export async function teacherTargets(request: TeacherRequest): Promise<SoftTargets> {
  const { engine, teacher, labeled, unlabeled, signal } = request;
  const ofLabeled: Float32Array[][] = labeled.map(() => []);
  const ofUnlabeled = unlabeled.map(({ steps }) => new Float32Array(2 * steps));
  for (let k = 0; k < TEACHERS; k++) {
    const training = labeled.filter(({ clip }) => partOf(clip.song) !== k);
    const leftOut = [...labeled.entries()].filter(([, { clip }]) => partOf(clip.song) === k);
    if (training.length === 0 || leftOut.length === 0) throw tooFewArtists();
    const fit = new Fit(engine.tf, training, teacher);
    try {
      while (fit.epochs < teacher.epochs) {
        if ((await fit.epoch(signal)) === undefined) throw interrupted();
      }
      const predictions = predictEmotion(
        engine,
        teacher,
        fit,
        leftOut.flatMap(([, example]) => versionsOf(example)),
      ).values();
      for (const [place, example] of leftOut) {
        for (const _ of versionsOf(example)) ofLabeled[place]!.push(predictions.next().value!);
      }
      for (const [i, values] of predictEmotion(engine, teacher, fit, unlabeled).entries()) {
        for (const [j, value] of values.entries()) ofUnlabeled[i]![j]! += value / TEACHERS;
      }
    } finally {
      fit.dispose();
    }
  }
  return { labeled: ofLabeled, unlabeled: ofUnlabeled };
}

/** The part of a song, 0 to TEACHERS − 1, by a hash of its artist. */
function partOf({ artist }: Song): number {
  return hashOf(`${SEED}/${artistKey(artist)}`) % TEACHERS;
}

/** [steps, 2] for each example. */
function predictEmotion(
  { tf }: Engine,
  { network }: TrainOptions,
  { weights }: Fit,
  examples: readonly Example[],
): Float32Array[] {
  const maker = new SequenceMaker();
  const sequences = examples.map((example) => maker.make([wholeClip(example)]));
  return predict(tf, network, weights, sequences).map(({ emotion }) => emotion);
}

function tooFewArtists(): UserError {
  return new UserError(
    'bad-data',
    `There are too few artists for ${TEACHERS} teachers, each of which leaves some artists out; give more music, or train without --teacher.`,
  );
}

import { createHash } from 'node:crypto';
import type { Engine } from '../../src/model/engine.ts';
import { UserError } from '../../src/user-error.ts';
import { artistKey, type Song } from '../datasets/song.ts';
import type { Example } from '../train/examples.ts';
import { Fit } from '../train/fit.ts';
import type { TrainOptions } from '../train/options.ts';
import { predict } from '../train/predict.ts';
import { stopped } from '../train/run-folder.ts';
import { SequenceMaker, wholeClip } from '../train/sequence.ts';

/** Teachers are trained on all songs but every third, and teach that third. */
export const TEACHERS_EACH = 3;
const SEED = 'undertone-lessons-1';

export interface CrossTeachRequest {
  readonly engine: Engine;
  /** How the teachers are trained, one member each. */
  readonly teacher: TrainOptions;
  /** The songs that the pupil may learn from, as the teachers hear them. */
  readonly labelled: readonly Example[];
  /** Music without labels, likewise. */
  readonly unlabelled: readonly Example[];
  readonly onEpoch?: () => void;
  readonly signal?: AbortSignal;
}

/** [steps, 2] valence and arousal of each example, in their order. */
export interface Lessons {
  /** Of the example itself, then of each of its variants. */
  readonly labelled: readonly (readonly Float32Array[])[];
  readonly unlabelled: readonly Float32Array[];
}

/** An example in all its sounds: as recorded, then its variants. */
export function inAllSounds(example: Example): readonly Example[] {
  return [example, ...(example.variants ?? [])];
}

/**
 * What teachers say of songs whose artists they never met: of songs that it has learned from a teacher knows
 * the labels by heart, and to repeat those would teach nothing. Of unlabelled music: the mean of them all.
 *
 * @throws UserError `bad-data` where there are too few artists; `stopped`
 */
export async function crossTeach(request: CrossTeachRequest): Promise<Lessons> {
  const { engine, teacher, labelled, unlabelled, onEpoch, signal } = request;
  const ofLabelled: Float32Array[][] = labelled.map(() => []);
  const ofUnlabelled = unlabelled.map(({ steps }) => new Float32Array(2 * steps));
  for (let k = 0; k < TEACHERS_EACH; k++) {
    const [theirs, mine] = [false, true].map((judged) =>
      [...labelled.entries()].filter(([, { clip }]) => (thirdOf(clip.song) === k) === judged),
    ) as [[number, Example][], [number, Example][]];
    if (theirs.length === 0 || mine.length === 0) throw tooFew();
    const fit = new Fit(
      engine.tf,
      theirs.map(([, example]) => example),
      teacher,
    );
    try {
      while (fit.epochs < teacher.epochs) {
        if ((await fit.epoch(signal)) === undefined) throw stopped();
        onEpoch?.();
      }
      const say = (examples: readonly Example[]) => opinions(engine, teacher, fit, examples);
      const said = say(mine.flatMap(([, example]) => inAllSounds(example))).values();
      for (const [place, example] of mine) {
        for (const _ of inAllSounds(example)) ofLabelled[place]!.push(said.next().value!);
      }
      for (const [i, values] of say(unlabelled).entries()) {
        for (const [j, value] of values.entries()) ofUnlabelled[i]![j]! += value / TEACHERS_EACH;
      }
    } finally {
      fit.dispose();
    }
  }
  return { labelled: ofLabelled, unlabelled: ofUnlabelled };
}

function thirdOf({ artist }: Song): number {
  const hash = createHash('sha256')
    .update(`${SEED}/${artistKey(artist)}`)
    .digest();
  return hash.readUInt32BE(0) % TEACHERS_EACH;
}

function opinions(
  { tf }: Engine,
  { network }: TrainOptions,
  { weights }: Fit,
  examples: readonly Example[],
): Float32Array[] {
  const maker = new SequenceMaker();
  const sequences = examples.map((example) => maker.make([wholeClip(example)]));
  return predict(tf, network, weights, sequences).map(({ emotion }) => emotion);
}

function tooFew(): UserError {
  return new UserError(
    'bad-data',
    `There are too few artists to learn from for ${TEACHERS_EACH} teachers that each leave some out; give more music, or train without --teacher.`,
  );
}

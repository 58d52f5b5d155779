import type { Example } from '../examples.ts';
import type { TrainOptions } from '../options.ts';
import type { Random } from '../random.ts';
import type { Segment } from '../sequence.ts';
import { randomColour } from './spectral.ts';

/**
 * One epoch's listening: random pieces of random clips, each in a sound of its own, one after another on
 * as many streams as fit. Every clip is begun about once; what does not fill a programme waits for the next epoch. Clips of 10 s alone would teach nothing about
 * what a stream hears that runs on from song to song.
 */
export function* programmes(
  examples: readonly Example[],
  random: Random,
  options: TrainOptions,
): Generator<Segment[], void, undefined> {
  const { sequenceSteps, pieceSteps } = options;
  let programme: Segment[] = [];
  let room = sequenceSteps;
  let none = true;
  for (const i of random.permutation(examples.length)) {
    const example = oneOf(examples[i]!, random);
    const [shortest, longest] = pieceSteps;
    const length = Math.min(example.steps, room, shortest + random.below(longest - shortest + 1));
    const from = random.below(example.steps - length + 1);
    programme.push({
      example,
      from,
      to: from + length,
      colour: randomColour(random, options, framesOf(example, from, from + length)),
    });
    room -= length;
    if (room > 0) continue;
    yield programme;
    none = false;
    programme = [];
    room = sequenceSteps;
  }
  if (none && programme.length > 0) yield programme; // so little music that it fills no programme
}

/** The clip as it was recorded or played otherwise, each as likely. */
function oneOf(example: Example, random: Random): Example {
  const { variants } = example;
  if (!variants) return example;
  return variants[random.below(variants.length + 1) - 1] ?? example;
}

/** Frames of a stretch; 0 where only rows are there, which nothing colours any more. */
function framesOf({ mel }: Example, from: number, to: number): number {
  return mel ? mel.ends[to - 1]! - (mel.ends[from - 1] ?? 0) : 0;
}

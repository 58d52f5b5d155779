import { drawByWeight } from '../decorrelate.ts';
import type { Example } from '../example.ts';
import type { TrainOptions } from '../options.ts';
import type { Random } from '../random.ts';
import type { Segment } from '../sequence.ts';
import { randomSpectral } from './spectral.ts';

/**
 * Draws the sequences of one epoch: random pieces of random clips, each under its own spectral augmentation, one after
 * another until `sequenceSteps` are filled, `clipRepeats` of the same clip in a row. Every clip is used about once, or in
 * proportion to its weight; pieces that do not fill a sequence are dropped. Single clips of 10 s would not show the network
 * the change from song to song that a stream contains.
 */
export function* drawSequences(
  examples: readonly Example[],
  random: Random,
  options: TrainOptions,
  weights?: Float64Array,
): Generator<Segment[], void, undefined> {
  const { sequenceSteps, clipRepeats } = options;
  let sequence: Segment[] = [];
  let left = sequenceSteps;
  let none = true;
  const order = weights ? drawByWeight(weights, random) : random.permutation(examples.length);
  for (const i of order) {
    const example = randomVersion(examples[i]!, random);
    for (let pieces = randomBetween(clipRepeats, random); pieces > 0; pieces--) {
      const segment = randomPiece(example, left, random, options);
      sequence.push(segment);
      left -= segment.to - segment.from;
      if (left > 0) continue;
      yield sequence;
      none = false;
      sequence = [];
      left = sequenceSteps;
    }
  }
  if (none && sequence.length > 0) yield sequence; // too little music to fill one sequence
}

/** @param most steps */
function randomPiece(example: Example, most: number, random: Random, options: TrainOptions): Segment {
  const length = Math.min(example.steps, most, randomBetween(options.pieceSteps, random));
  const from = random.below(example.steps - length + 1);
  const spectral = randomSpectral(random, options, framesOf(example, from, from + length));
  return { example, from, to: from + length, spectral };
}

/** A whole number of a range; draws nothing if there is only one. */
function randomBetween([least, most]: readonly [number, number], random: Random): number {
  return least === most ? least : least + random.below(most - least + 1);
}

/** The clip as recorded or one of its variants, all with the same probability. */
function randomVersion(example: Example, random: Random): Example {
  const { variants } = example;
  if (!variants) return example;
  return variants[random.below(variants.length + 1) - 1] ?? example;
}

/** Number of frames of a stretch; 0 for examples with rows, which are not augmented in the epoch. */
function framesOf({ mel }: Example, from: number, to: number): number {
  return mel ? mel.ends[to - 1]! - (mel.ends[from - 1] ?? 0) : 0;
}

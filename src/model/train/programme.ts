import { randomColour } from './augment.ts';
import type { Example } from './examples.ts';
import type { TrainOptions } from './options.ts';
import type { Random } from './random.ts';
import type { Segment } from './sequence.ts';

/**
 * One epoch's listening: random pieces of random clips, each in a sound of its own, one after another on
 * as many streams as fit. Every clip is begun about once. Clips of 10 s alone would teach nothing about
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
  for (const i of random.permutation(examples.length)) {
    const example = examples[i]!;
    const [shortest, longest] = pieceSteps;
    const length = Math.min(example.steps, room, shortest + random.below(longest - shortest + 1));
    const from = random.below(example.steps - length + 1);
    programme.push({ example, from, to: from + length, colour: randomColour(random, options) });
    room -= length;
    if (room > 0) continue;
    yield programme;
    programme = [];
    room = sequenceSteps;
  }
}

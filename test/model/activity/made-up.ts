import { Random } from '../../../lab/train/random.ts';
import type { ActivityFile } from '../../../src/model/activity/activity-file.ts';
import { speechShapes } from '../../../src/model/activity/speech-network.ts';
import { SUMMARY_LENGTH } from '../../../src/model/summary.ts';
import { sizeOf, type Weights } from '../../../src/model/weights.ts';

export const SMALL_SPEECH_NETWORK = { inputs: SUMMARY_LENGTH, projection: 6, hidden: 4 };

/** A detector of random weights. */
export function madeUpActivity(seed = 1, network = SMALL_SPEECH_NETWORK): ActivityFile {
  const random = new Random(seed);
  const weights: Weights = Object.fromEntries(
    Object.entries(speechShapes(network)).map(([name, shape]) => {
      const sd = name.endsWith('kernel') ? 1 / Math.sqrt(shape[0]!) : 0.1;
      const values = Float32Array.from({ length: sizeOf(shape) }, () =>
        name === 'input/scale' ? 1 + random.next() : sd * random.normal(),
      );
      return [name, { shape, values }];
    }),
  );
  return { network, rule: { smoothing: 0.5, enter: 1, leave: 0 }, training: {}, weights };
}

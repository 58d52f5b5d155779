import { Random } from '../../lab/train/random.ts';
import type { Calibration } from '../../src/model/calibration.ts';
import type { ModelFile } from '../../src/model/kinds/undertone/model-file.ts';
import { type NetworkConfig, storedShapes } from '../../src/model/kinds/undertone/network.ts';
import { SUMMARY_LENGTH } from '../../src/model/summary.ts';
import { sizeOf } from '../../src/model/weights.ts';
import { MEL_BANDS } from '../../src/stream/mel.ts';
import { WINDOW_FRAMES } from '../../src/stream/mel-ring.ts';
import type { StepWindow } from '../../src/types.ts';

export const SMALL_NETWORK: NetworkConfig = {
  frontEnd: 'mel',
  inputs: SUMMARY_LENGTH,
  projection: 12,
  hidden: 8,
  members: 1,
  landmarks: 0,
  leastShare: 1,
};

export const PLAIN_CALIBRATION: Calibration = {
  sdScale: { valence: 1, arousal: 1 },
  sdPower: { valence: 1, arousal: 1 },
  sdNovelty: { valence: 0, arousal: 0 },
  labelMean: { valence: 0.1, arousal: 0.15 },
  labelSd: { valence: 0.24, arousal: 0.29 },
  noveltyP99: 3,
};

/** A model with random weights whose predictions differ for every window. */
export function madeUpModel(seed = 1, network = SMALL_NETWORK): ModelFile {
  const random = new Random(seed);
  const weights = Object.fromEntries(
    Object.entries(storedShapes(network)).map(([name, shape]) => {
      // Small enough that no unit saturates: a saturated network predicts a constant.
      const sd = name.endsWith('kernel') ? 0.4 / Math.sqrt(shape.at(-2)!) : 0.1;
      const values = Float32Array.from({ length: sizeOf(shape) }, () =>
        name === 'input/scale' ? 1 + random.next() : sd * random.normal(),
      );
      return [name, { shape, values }];
    }),
  );
  return { name: 'made-up', network, calibration: PLAIN_CALIBRATION, training: {}, weights };
}

export function madeUpWindow(step: number, random: Random): StepWindow {
  const mel = Float32Array.from({ length: WINDOW_FRAMES * MEL_BANDS }, () => 3 * random.next());
  return { step, mel, newFrames: 31, loudness: -20, arrivedAtMs: 0 };
}

import type { Scalar, Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../src/model/engine.ts';
import { CED_FEATURES } from '../../../src/model/kinds/undertone/front-ends/ced/sizes.ts';
import {
  createSmallNetwork,
  emptyMemory,
} from '../../../src/model/kinds/undertone/front-ends/ced-small/network.ts';
import { PATCH_SIZE, SHAPES, WIDTH } from '../../../src/model/kinds/undertone/front-ends/ced-small/sizes.ts';
import { sizeOf, type Weights } from '../../../src/model/weights.ts';
import { MEL_BANDS } from '../../../src/stream/mel.ts';
import { kernel } from '../../train/initial-weights.ts';
import { Random } from '../../train/random.ts';
import { valuesOf } from '../../train/variables.ts';
import { columnMoments } from './column-moments.ts';
import { PASSAGE_STEPS, patchesAt } from './passages.ts';
import type { TargetStatistics } from './target-statistics.ts';
import type { DistillOptions, Student } from './train-student.ts';

/** Patches of a passage: those that are complete at its last step. */
const PATCHES = patchesAt(PASSAGE_STEPS - 1);

export const SMALL_DEFAULTS: DistillOptions = {
  seed: 1,
  epochs: 24,
  batch: 16,
  learningRate: 1e-3,
  decay: 0.01,
  validationEvery: 25,
};

/**
 * The front end `ced-small` in training, with a dense layer that reads the transformer's features from its last memory
 * and is not stored. A passage is [PATCHES, PATCH_SIZE] log-mel patches.
 */
export class SmallStudent implements Student {
  readonly #tf: Tf;
  readonly #fixed: Readonly<Record<string, Tensor>>;
  readonly #targetMean: Tensor;
  readonly #perSd: Tensor;
  readonly variables: Readonly<Record<string, Variable>>;

  constructor(tf: Tf, seed: number, passages: readonly Float32Array[], statistics: TargetStatistics) {
    this.#tf = tf;
    const random = new Random(seed);
    const { mean, variance } = columnMoments(passages, MEL_BANDS);
    const scale = Float32Array.from(variance, (x) => Math.sqrt(Math.max(x, 1e-4)));
    this.#fixed = { 'input.mean': tf.tensor1d(Float32Array.from(mean)), 'input.scale': tf.tensor1d(scale) };
    const shapes = { ...SHAPES, 'read.kernel': [WIDTH, CED_FEATURES], 'read.bias': [CED_FEATURES] };
    this.variables = Object.fromEntries(
      Object.entries(shapes)
        .filter(([name]) => !(name in this.#fixed))
        .map(([name, shape]) => {
          const values = name.endsWith('kernel') ? kernel(shape, random) : new Float32Array(sizeOf(shape));
          return [name, tf.tidy(() => tf.variable(tf.tensor(values, [...shape])))];
        }),
    );
    this.#targetMean = tf.tensor1d(statistics.mean);
    this.#perSd = tf.tensor1d(statistics.perSd);
  }

  stored(): Weights {
    const all = valuesOf({ ...this.variables, ...this.#fixed } as Record<string, Variable>);
    return Object.fromEntries(Object.keys(SHAPES).map((name) => [name, all[name]!]));
  }

  dispose(): void {
    this.#tf.dispose([this.variables, this.#fixed, this.#targetMean, this.#perSd] as unknown as Tensor[]);
  }

  loss(passages: readonly Float32Array[], targets: readonly Float32Array[]): Scalar {
    const tf = this.#tf;
    const count = passages.length;
    const patches = new Float32Array(PATCHES * count * PATCH_SIZE); // time-major
    for (const [i, passage] of passages.entries()) {
      for (let time = 0; time < PATCHES; time++) {
        const from = time * PATCH_SIZE;
        patches.set(passage.subarray(from, from + PATCH_SIZE), (time * count + i) * PATCH_SIZE);
      }
    }
    const network = createSmallNetwork(tf, { ...this.#fixed, ...this.variables });
    const cut: Tensor2D = tf.tensor2d(patches, [PATCHES * count, PATCH_SIZE]);
    const memories = network.run(cut, emptyMemory(tf, count)).map((layers) => layers.at(-1)!);
    const steps = Array.from({ length: PASSAGE_STEPS }, (_, step) => memories[patchesAt(step) - 1]!);
    const features = tf.add(
      tf.matMul(tf.concat2d(steps, 0), this.variables['read.kernel'] as unknown as Tensor2D),
      this.variables['read.bias']!,
    ); // [PASSAGE_STEPS · count, CED_FEATURES], time-major, in standard deviations from the mean
    const wanted = new Float32Array(PASSAGE_STEPS * count * CED_FEATURES);
    for (const [i, own] of targets.entries()) {
      for (let step = 0; step < PASSAGE_STEPS; step++) {
        const from = step * CED_FEATURES;
        wanted.set(own.subarray(from, from + CED_FEATURES), (step * count + i) * CED_FEATURES);
      }
    }
    const target: Tensor2D = tf.tensor2d(wanted, [PASSAGE_STEPS * count, CED_FEATURES]);
    return tf.mean(tf.square(tf.sub(features, tf.mul(tf.sub(target, this.#targetMean), this.#perSd))));
  }
}

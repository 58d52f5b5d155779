import type { Engine } from '../../../src/model/engine.ts';
import { createEncoder } from '../../../src/model/kinds/undertone/front-ends/ced/encoder.ts';
import { createPatchCutter } from '../../../src/model/kinds/undertone/front-ends/ced/patches.ts';
import { CED_FEATURES } from '../../../src/model/kinds/undertone/front-ends/ced/sizes.ts';
import { createWindowed } from '../../../src/model/kinds/undertone/front-ends/ced/windowed.ts';
import type { Weights } from '../../../src/model/weights.ts';
import { Random } from '../../train/random.ts';
import { learningRateAt } from '../../train/schedule.ts';
import { windowedFeatures } from './passages.ts';
import { Student } from './student.ts';

export interface DistillOptions {
  readonly seed: number;
  readonly epochs: number;
  /** Passages per batch. */
  readonly batch: number;
  /** The highest one, after a warm-up over a tenth of all batches; then half a cosine down to 0. */
  readonly learningRate: number;
  /** One passage of this many is not trained on. */
  readonly validationEvery: number;
}

export const DISTILL_DEFAULTS: DistillOptions = {
  seed: 1,
  epochs: 3,
  batch: 8,
  learningRate: 3e-4,
  validationEvery: 25,
};

/** Passages of which the windowed form computes the features at once: windows of equal length share a batch. */
const AT_ONCE = 16;

export interface DistillEpoch {
  /** From 1 on; 0 before the training. */
  readonly epoch: number;
  /** Mean squared distance from the windowed form's features, in their standard deviations. */
  readonly loss: number;
  /** The same on passages that are not trained on. */
  readonly validation: number;
  readonly seconds: number;
}

/**
 * Trains the streaming form of the encoder to give the features of its windowed form (distillation: Hinton, Vinyals &
 * Dean 2015), on any music. The same seed and music on the same engine give the same weights.
 *
 * @param weights of the windowed form
 * @param passages [PASSAGE_FRAMES, FINE_BANDS] each, in the order of the recordings
 * @param onEpoch receives the weights after each epoch, in the form in which they are stored
 * @param onProgress called with the number of passages done, of `passages.length · (epochs + 1)`
 */
export async function distillEncoder(
  { tf }: Engine,
  weights: Weights,
  passages: readonly Float32Array[],
  options: DistillOptions,
  onEpoch: (event: DistillEpoch, weights: Weights) => Promise<void>,
  onProgress: (done: number) => void,
): Promise<void> {
  const cutter = createPatchCutter(weights);
  const encoder = createEncoder(tf, weights);
  const windowed = createWindowed(tf, encoder, cutter);
  const targets: Float32Array[] = [];
  for (let at = 0; at < passages.length; at += AT_ONCE) {
    targets.push(...windowedFeatures(windowed, passages.slice(at, at + AT_ONCE)));
    onProgress(targets.length);
    await nextTurn();
  }
  encoder.dispose();

  const student = new Student(tf, weights, cutter, reciprocalSds(targets));
  const random = new Random(options.seed);
  const all = [...passages.keys()];
  const held = all.filter((i) => i % options.validationEvery === options.validationEvery - 1);
  const trained = all.filter((i) => i % options.validationEvery !== options.validationEvery - 1);
  const pick = (indices: readonly number[]) =>
    [indices.map((i) => passages[i]!), indices.map((i) => targets[i]!)] as const;
  const batchesOf = (indices: readonly number[]) =>
    Array.from({ length: Math.ceil(indices.length / options.batch) }, (_, b) =>
      indices.slice(b * options.batch, (b + 1) * options.batch),
    );
  const validate = () => mean(batchesOf(held).map((batch) => student.loss(...pick(batch))));
  const allBatches = options.epochs * batchesOf(trained).length;
  const schedule = {
    learningRate: options.learningRate,
    schedule: 'cosine' as const,
    warmUp: 0.1,
    stepEpochs: 1,
    stepFactor: 1,
    plateauEpochs: 1,
    plateauFactor: 1,
  };

  try {
    let batches = 0;
    await onEpoch({ epoch: 0, loss: Number.NaN, validation: validate(), seconds: 0 }, student.stored());
    for (let epoch = 1; epoch <= options.epochs; epoch++) {
      const began = performance.now();
      const losses: number[] = [];
      for (const batch of batchesOf(random.permutation(trained.length).map((i) => trained[i]!))) {
        const rate = learningRateAt(schedule, (batches + 1) / allBatches, epoch);
        losses.push(student.train(...pick(batch), rate));
        batches++;
        onProgress(Math.floor(passages.length * (1 + (batches / allBatches) * options.epochs)));
        await nextTurn();
      }
      const seconds = (performance.now() - began) / 1000;
      await onEpoch({ epoch, loss: mean(losses), validation: validate(), seconds }, student.stored());
    }
  } finally {
    student.dispose();
  }
}

function reciprocalSds(targets: readonly Float32Array[]): Float32Array {
  const sums = new Float64Array(CED_FEATURES);
  const squares = new Float64Array(CED_FEATURES);
  let rows = 0;
  for (const target of targets) {
    for (let at = 0; at < target.length; at += CED_FEATURES, rows++) {
      for (let i = 0; i < CED_FEATURES; i++) {
        const x = target[at + i]!;
        sums[i]! += x;
        squares[i]! += x * x;
      }
    }
  }
  return Float32Array.from(squares, (square, i) => {
    const variance = square / rows - (sums[i]! / rows) ** 2;
    return 1 / Math.sqrt(Math.max(variance, 1e-8));
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** Lets timers and signals run between two batches. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

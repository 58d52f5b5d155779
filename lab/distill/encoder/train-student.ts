import type { Scalar } from '@tensorflow/tfjs-core';
import type { Tf } from '../../../src/model/engine.ts';
import type { Weights } from '../../../src/model/weights.ts';
import { AdamW } from '../../train/adamw.ts';
import { Random } from '../../train/random.ts';
import { learningRateAt } from '../../train/schedule.ts';
import type { Variables } from '../../train/variables.ts';
import type { SplitPassages } from './held-out-recordings.ts';
import type { TargetedPassages } from './targets.ts';

export interface DistillOptions {
  readonly seed: number;
  readonly epochs: number;
  /** Passages per batch. */
  readonly batch: number;
  /** The highest one, after a warm-up over a tenth of all batches; then half a cosine down to 0. */
  readonly learningRate: number;
  /** Weight decay, see AdamW. */
  readonly decay: number;
  /** One recording of this many is not trained on. */
  readonly validationEvery: number;
}

/** A network in training that imitates the windowed form of the audio transformer. */
export interface Student {
  /** What is trained. */
  readonly variables: Variables;
  /**
   * The mean squared distance of a batch from its targets, in their standard deviations. Call it in a `tf.tidy`.
   *
   * @param passages the student's input, as its kind defines it
   * @param targets [PASSAGE_STEPS, CED_FEATURES] of each passage
   */
  loss(passages: readonly Float32Array[], targets: readonly Float32Array[]): Scalar;
  /** All weights in the form in which they are stored. */
  stored(): Weights;
  dispose(): void;
}

export interface DistillEpoch {
  /** From 1 on; 0 before the training. */
  readonly epoch: number;
  /** Mean squared distance from the windowed form's features, in their standard deviations. */
  readonly loss: number;
  /** The same on recordings that are not trained on. */
  readonly validation: number;
  readonly seconds: number;
}

/**
 * Trains a student to give the features of the windowed form (distillation: Hinton, Vinyals & Dean 2015), and disposes of
 * it. The same seed and music on the same engine give the same weights.
 *
 * @param onEpoch receives the weights after each epoch, in the form in which they are stored
 * @param onProgress called with the number of passages trained on, of all of them times the epochs
 */
export async function trainStudent(
  tf: Tf,
  student: Student,
  { training, validation }: SplitPassages,
  options: DistillOptions,
  onEpoch: (event: DistillEpoch, weights: Weights) => Promise<void>,
  onProgress: (done: number) => void,
): Promise<void> {
  const random = new Random(options.seed);
  const count = training.passages.length;
  const loss = ({ passages, targets }: TargetedPassages, indices: readonly number[]): Scalar =>
    student.loss(
      indices.map((i) => passages[i]!),
      indices.map((i) => targets[i]!),
    );
  const batchesOf = (indices: readonly number[]) =>
    Array.from({ length: Math.ceil(indices.length / options.batch) }, (_, b) =>
      indices.slice(b * options.batch, (b + 1) * options.batch),
    );
  const optimizer = new AdamW(tf, student.variables, { decay: options.decay, l2: 0, maxNorm: 1 });
  const validate = () =>
    mean(
      batchesOf([...validation.passages.keys()]).map((batch) =>
        tf.tidy(() => loss(validation, batch).dataSync()[0]!),
      ),
    );
  /** @returns the loss before */
  const train = (batch: readonly number[], learningRate: number): number =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => loss(training, batch),
        Object.values(student.variables),
      );
      const named = Object.entries(student.variables).map(([name, { name: id }]) => [name, grads[id]!]);
      optimizer.apply(Object.fromEntries(named), learningRate);
      return value.dataSync()[0]!;
    });
  const allBatches = options.epochs * Math.ceil(count / options.batch);
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
      for (const batch of batchesOf(random.permutation(count))) {
        const rate = learningRateAt(schedule, (batches + 1) / allBatches, epoch);
        losses.push(train(batch, rate));
        batches++;
        onProgress(Math.floor((count * options.epochs * batches) / allBatches));
        await nextTurn();
      }
      const seconds = (performance.now() - began) / 1000;
      await onEpoch({ epoch, loss: mean(losses), validation: validate(), seconds }, student.stored());
    }
  } finally {
    optimizer.dispose();
    student.dispose();
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** Lets timers and signals run between two batches. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

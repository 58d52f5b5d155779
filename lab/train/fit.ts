import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import { createNetwork } from '../../src/model/kinds/undertone/network.ts';
import type { Weights } from '../../src/model/weights.ts';
import { AdamW, type AdamWState } from './adamw.ts';
import { drawSequences } from './augment/draw-sequences.ts';
import { Noise } from './augment/noise.ts';
import { type Batch, batchOf, mixup } from './batch.ts';
import { decorrelatingWeights, labelMeanOfClip, strengthOf } from './decorrelate.ts';
import type { Example } from './example.ts';
import { registerGradients } from './gradients.ts';
import { initialWeights, kernel } from './initial-weights.ts';
import { lossOf, targetTensors } from './loss.ts';
import type { TrainOptions } from './options.ts';
import { Random } from './random.ts';
import { afterEpoch, learningRateAt, NO_PLATEAU, type PlateauState } from './schedule.ts';
import { type Sequence, SequenceMaker, wholeClip } from './sequence.ts';
import { labelMeanOf } from './statistics.ts';
import { unroll } from './unroll.ts';
import { assignValues, MeanWeights, valuesOf } from './variables.ts';

/** Everything that the next batch depends on, between two epochs: a restored Fit continues with exactly the same numbers. */
export interface FitState {
  readonly epochs: number;
  readonly batches: number;
  readonly random: number;
  readonly plateau: PlateauState;
  readonly variables: Weights;
  readonly means: Weights;
  readonly optimiser: AdamWState; // a key in checkpoint files
}

/**
 * Fits the weights of one network to examples, one epoch at a time. The same seed on the same engine gives the same
 * weights. Call `dispose` at the end.
 */
export class Fit {
  readonly #tf: Tf;
  readonly #options: TrainOptions;
  readonly #random: Random;
  readonly #noise: Noise;
  readonly #examples: readonly Example[];
  /** Of the examples; undefined if all are drawn once per epoch. */
  readonly #weights: Float64Array | undefined;
  readonly #maker = new SequenceMaker();
  readonly #tagCount: number;
  readonly #variables: Record<string, Variable> = {};
  /** Mean and scale of the inputs: measured, not trained. */
  readonly #measured: Weights;
  readonly #optimizer: AdamW;
  readonly #means: MeanWeights;
  readonly #allBatches: number;
  #epochs = 0;
  #plateau: PlateauState = NO_PLATEAU;

  constructor(tf: Tf, examples: readonly Example[], options: TrainOptions) {
    registerGradients(tf);
    this.#tf = tf;
    this.#options = options;
    this.#examples = examples;
    const strength = strengthOf(options.decorrelate);
    if (strength > 0) {
      const means = examples.map(({ labels }) => labelMeanOfClip(labels));
      this.#weights = decorrelatingWeights(means, strength);
    }
    this.#random = new Random(options.seed);
    this.#noise = new Noise(tf, this.#random, options);
    this.#tagCount = examples[0]!.tags.length;
    const plain = examples.map((example) => this.#maker.make([wholeClip(example)]));
    const weights = initialWeights(options.network, labelMeanOf(plain), plain, this.#random);
    this.#measured = Object.fromEntries(Object.entries(weights).filter(([name]) => isMeasured(name)));
    for (const [name, { shape, values }] of Object.entries(weights)) {
      if (!isMeasured(name)) this.#variables[name] = variable(tf, values, shape);
    }
    if (this.#tagCount > 0) {
      const shape: [number, number] = [options.network.projection, this.#tagCount];
      this.#variables['tags/kernel'] = variable(tf, kernel(shape, this.#random), shape);
    }
    this.#optimizer = new AdamW(tf, this.#variables, options);
    this.#means = new MeanWeights(options.averaging);
    this.#allBatches = allBatches(plain, options);
  }

  /**
   * Trains one pass over the examples and returns the mean loss. Yields to the event loop after every batch.
   *
   * @param signal aborts after the current batch: the result is then undefined, and training can only continue from a
   *   restored state
   */
  async epoch(signal?: AbortSignal): Promise<number | undefined> {
    let loss = 0;
    let batches = 0;
    this.#epochs++;
    for (const sequences of this.#batches()) {
      if (signal?.aborted) return undefined;
      loss += this.#trainBatch(this.#mixup(batchOf(sequences, this.#tagCount)));
      batches++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return loss / batches;
  }

  /** Passes the validation score of the epoch to the schedule; only `plateau` uses it. */
  updateSchedule(score: number): void {
    this.#plateau = afterEpoch(this.#options, this.#plateau, score);
  }

  /** The weights of a model: the running mean of the trained ones, and the measured ones. */
  get weights(): Weights {
    const trained = Object.entries(this.#means.weights).filter(([name]) => !name.startsWith('tags/'));
    return { ...this.#measured, ...Object.fromEntries(trained) };
  }

  /** Number of finished epochs. */
  get epochs(): number {
    return this.#epochs;
  }

  /** Of the next batch. */
  get learningRate(): number {
    const done = Math.min(1, (this.#means.batches + 1) / this.#allBatches);
    return learningRateAt(this.#options, done, Math.max(1, this.#epochs), this.#plateau);
  }

  get state(): FitState {
    return {
      epochs: this.#epochs,
      batches: this.#means.batches,
      random: this.#random.state,
      plateau: this.#plateau,
      variables: valuesOf(this.#variables),
      means: this.#means.weights,
      optimiser: this.#optimizer.state,
    };
  }

  /** Restores the state of a Fit with the same examples and options. */
  set state(state: FitState) {
    this.#epochs = state.epochs;
    this.#random.state = state.random;
    this.#plateau = state.plateau;
    assignValues(this.#tf, this.#variables, state.variables);
    this.#means.restore(state.batches, state.means);
    this.#optimizer.state = state.optimiser;
  }

  dispose(): void {
    this.#tf.dispose(this.#variables);
    this.#optimizer.dispose();
  }

  /** Yields full batches. An incomplete last batch is dropped, unless it is the only one. */
  *#batches(): Generator<Sequence[], void, undefined> {
    let sequences: Sequence[] = [];
    let any = false;
    for (const segments of drawSequences(this.#examples, this.#random, this.#options, this.#weights)) {
      sequences.push(this.#maker.make(segments));
      if (sequences.length < this.#options.streams) continue;
      yield sequences;
      any = true;
      sequences = [];
    }
    if (!any && sequences.length > 0) yield sequences;
  }

  #trainBatch(batch: Batch): number {
    const tf = this.#tf;
    const { streams } = batch;
    const rows = batch.steps * streams;
    const { projection, hidden } = this.#options.network;
    const loss = tf.tidy(() => {
      const measured = Object.fromEntries(
        Object.entries(this.#measured).map(([name, { values }]) => [name, tf.tensor1d(values)]),
      );
      const network = createNetwork(tf, { ...measured, ...this.#variables }, this.#options.network);
      const summaries = tf.tensor2d(batch.summaries, [rows, batch.inputs]);
      const z = this.#noise.disturb(network.standardize(summaries), streams);
      const dropout = {
        features: this.#noise.dropout(rows, projection, streams),
        memory: this.#noise.dropout(rows, hidden, streams),
      };
      const labels = targetTensors(tf, batch.labels);
      const tagKernel = this.#variables['tags/kernel'] as Tensor2D | undefined;
      const tags = tagKernel && targetTensors(tf, batch.tags);
      const softTargets = this.#options.teacher === 'none' ? undefined : targetTensors(tf, batch.softTargets);
      const { value, grads } = tf.variableGrads(() => {
        const outputs = unroll(tf, network, z, streams, hidden, { dropout });
        const withLogits = tags && { ...tags, logits: tf.matMul(outputs.features, tagKernel) as Tensor2D };
        return lossOf(tf, outputs, labels, withLogits, this.#options, softTargets);
      }, Object.values(this.#variables));
      const byName = Object.fromEntries(
        Object.entries(this.#variables).map(([name, { name: id }]) => [name, grads[id]!]),
      );
      this.#optimizer.apply(byName, this.learningRate);
      return value.dataSync()[0]!;
    });
    this.#means.add(this.#variables);
    return loss;
  }

  #mixup(batch: Batch): Batch {
    const random = this.#random;
    const share = Array.from({ length: batch.streams }, () =>
      random.chance(this.#options.mixChance) ? random.between(0.5, 1) : 1,
    );
    return mixup(batch, random.permutation(batch.streams), share);
  }
}

function variable(tf: Tf, values: Float32Array, shape: readonly number[]): Variable {
  return tf.tidy(() => tf.variable(tf.tensor(values, [...shape])));
}

function isMeasured(name: string): boolean {
  return name.startsWith('input/');
}

/** Approximate number of batches of the whole training: pieces of clips have random lengths. */
function allBatches(
  plain: readonly Sequence[],
  { pieceSteps, clipRepeats, epochs, ...options }: TrainOptions,
): number {
  const steps = plain.reduce((sum, sequence) => sum + sequence.steps, 0);
  const [shortest, longest] = pieceSteps;
  const repeats = (clipRepeats[0] + clipRepeats[1]) / 2;
  const stepsPerEpoch = (repeats * steps * (shortest + longest)) / 2 / longest;
  // Every epoch has at least one batch.
  return epochs * Math.max(1, stepsPerEpoch / options.sequenceSteps / options.streams);
}

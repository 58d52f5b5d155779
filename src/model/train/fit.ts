import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { FORECAST_HORIZONS } from '../../types.ts';
import type { Tf } from '../engine.ts';
import { createNetwork } from '../network.ts';
import type { Weights } from '../weights.ts';
import { AdamW } from './adamw.ts';
import { type Batch, batchOf, mixed } from './batch.ts';
import type { Example } from './examples.ts';
import { registerGradients } from './gradients.ts';
import { initialWeights, kernel } from './initial-weights.ts';
import { lossOf, targetTensors } from './loss.ts';
import type { TrainOptions } from './options.ts';
import { programmes } from './programme.ts';
import { Random } from './random.ts';
import { type Sequence, SequenceMaker, wholeClip } from './sequence.ts';
import { unroll } from './unroll.ts';

const CHANGES = 2 * FORECAST_HORIZONS.length;

/** Learns weights from examples, an epoch at a time. The same seed on the same engine gives the same weights. */
export class Fit {
  readonly #tf: Tf;
  readonly #options: TrainOptions;
  readonly #random: Random;
  readonly #examples: readonly Example[];
  readonly #maker = new SequenceMaker();
  readonly #tagCount: number;
  readonly #variables: Record<string, Variable> = {};
  /** Inputs' mean and scale: measured, not learned. */
  readonly #measured: Weights;
  readonly #optimiser: AdamW;
  readonly #changeScale: Float32Array;
  readonly #averages: Record<string, Float32Array> = {};
  readonly #allBatches: number;
  #batches = 0;

  constructor(tf: Tf, examples: readonly Example[], options: TrainOptions) {
    registerGradients(tf);
    this.#tf = tf;
    this.#options = options;
    this.#examples = examples;
    this.#random = new Random(options.seed);
    this.#tagCount = examples[0]!.tags.length;
    const plain = examples.map((example) => this.#maker.make([wholeClip(example)]));
    this.#changeScale = changeScaleOf(plain);
    const weights = initialWeights(options.network, labelMeanOf(plain), plain, this.#random);
    this.#measured = Object.fromEntries(Object.entries(weights).filter(([name]) => isMeasured(name)));
    for (const [name, { shape, values }] of Object.entries(weights)) {
      if (!isMeasured(name))
        this.#variables[name] = tf.tidy(() => tf.variable(tf.tensor(values, [...shape])));
    }
    if (this.#tagCount > 0) {
      const shape: [number, number] = [options.network.projection, this.#tagCount];
      this.#variables['tags/kernel'] = tf.tidy(() =>
        tf.variable(tf.tensor2d(kernel(shape, this.#random), shape)),
      );
    }
    this.#optimiser = new AdamW(tf, this.#variables, options);
    const steps = plain.reduce((sum, sequence) => sum + sequence.steps, 0);
    const [shortest, longest] = options.pieceSteps;
    const heard = (steps * (shortest + longest)) / 2 / longest;
    this.#allBatches = Math.max(1, (options.epochs * heard) / options.sequenceSteps / options.streams);
  }

  /** One pass over the examples; gives back the mean loss. */
  epoch(): number {
    let loss = 0;
    let batches = 0;
    let sequences: Sequence[] = [];
    for (const programme of programmes(this.#examples, this.#random, this.#options)) {
      sequences.push(this.#maker.make(programme));
      if (sequences.length < this.#options.streams) continue;
      loss += this.#learn(this.#mixed(batchOf(sequences, this.#tagCount)));
      batches++;
      sequences = [];
    }
    if (batches === 0) {
      loss = this.#learn(batchOf(sequences, this.#tagCount));
      batches = 1;
    }
    return loss / batches;
  }

  /** The running mean of the weights: steadier than any single batch leaves them. */
  get weights(): Weights {
    const learned = Object.entries(this.#averages)
      .filter(([name]) => !name.startsWith('tags/'))
      .map(([name, values]) => [name, { shape: this.#variables[name]!.shape, values: values.slice() }]);
    return { ...this.#measured, ...Object.fromEntries(learned) };
  }

  dispose(): void {
    this.#tf.dispose(this.#variables);
    this.#optimiser.dispose();
  }

  #learn(batch: Batch): number {
    const tf = this.#tf;
    const rows = batch.steps * batch.streams;
    const { projection, hidden } = this.#options.network;
    const loss = tf.tidy(() => {
      const measured = Object.fromEntries(
        Object.entries(this.#measured).map(([name, { values }]) => [name, tf.tensor1d(values)]),
      );
      const network = createNetwork(tf, { ...measured, ...this.#variables }, this.#options.network);
      const summaries = tf.tensor2d(batch.summaries, [rows, batch.inputs]);
      const z = this.#disturbed(network.standardise(summaries), batch.streams);
      const { streams } = batch;
      const dropout = {
        features: this.#dropout(rows, projection, streams),
        memory: this.#dropout(rows, hidden, streams),
      };
      const labels = targetTensors(tf, batch.labels);
      const changes = targetTensors(tf, batch.changes);
      const changeScale = tf.tensor2d(this.#changeScale, [1, CHANGES]);
      const tagKernel = this.#variables['tags/kernel'] as Tensor2D | undefined;
      const tags = tagKernel && targetTensors(tf, batch.tags);
      const { value, grads } = tf.variableGrads(() => {
        const said = unroll(tf, network, z, batch.streams, hidden, dropout);
        const withLogits = tags && { ...tags, logits: tf.matMul(said.features, tagKernel) as Tensor2D };
        return lossOf(tf, said, labels, changes, changeScale, withLogits, this.#options);
      }, Object.values(this.#variables));
      const byName = Object.fromEntries(
        Object.entries(this.#variables).map(([name, variable]) => [name, grads[variable.name]!]),
      );
      this.#optimiser.apply(byName, this.#learningRate());
      return value.dataSync()[0]!;
    });
    this.#batches++;
    this.#average();
    return loss;
  }

  /** Linear warm-up, then half a cosine down to 0. */
  #learningRate(): number {
    const { learningRate, warmUp } = this.#options;
    const done = Math.min(1, (this.#batches + 1) / this.#allBatches);
    if (done < warmUp) return (learningRate * done) / warmUp;
    return (learningRate * (1 + Math.cos((Math.PI * (done - warmUp)) / (1 - warmUp)))) / 2;
  }

  #average(): void {
    // While few batches are done, their plain mean, or the random beginning would linger.
    const kept = Math.min(this.#options.averaging, 1 - 1 / this.#batches);
    for (const [name, variable] of Object.entries(this.#variables)) {
      const now = variable.dataSync() as Float32Array;
      this.#averages[name] ??= now.slice();
      const mean = this.#averages[name];
      for (let i = 0; i < now.length; i++) mean[i] = kept * mean[i]! + (1 - kept) * now[i]!;
    }
  }

  #mixed(batch: Batch): Batch {
    const random = this.#random;
    const share = Array.from({ length: batch.streams }, () =>
      random.chance(this.#options.mixChance) ? random.between(0.5, 1) : 1,
    );
    return mixed(batch, random.permutation(batch.streams), share);
  }

  #disturbed(z: Tensor2D, streams: number): Tensor2D {
    const { inputNoise, inputDropout } = this.#options;
    const noise = this.#draw(...z.shape, streams, () => inputNoise * this.#random.normal());
    return this.#tf.mul(this.#tf.add(z, noise), this.#mask(...z.shape, streams, inputDropout));
  }

  #dropout(rows: number, columns: number, streams: number): Tensor2D {
    return this.#mask(rows, columns, streams, this.#options.dropout);
  }

  #mask(rows: number, columns: number, streams: number, share: number): Tensor2D {
    const kept = 1 / (1 - share);
    return this.#draw(rows, columns, streams, () => (this.#random.chance(share) ? 0 : kept));
  }

  /** [rows, columns] of random numbers: for each step its own, or the same ones at all steps of a stream. */
  #draw(rows: number, columns: number, streams: number, next: () => number): Tensor2D {
    const tf = this.#tf;
    const drawn = this.#options.steadyNoise ? streams : rows;
    const numbers = tf.tensor2d(Float32Array.from({ length: drawn * columns }, next), [drawn, columns]);
    return drawn === rows ? numbers : tf.tile(numbers, [rows / drawn, 1]);
  }
}

function isMeasured(name: string): boolean {
  return name.startsWith('input/');
}

function labelMeanOf(sequences: readonly Sequence[]): [number, number] {
  const sums = [0, 0];
  let count = 0;
  for (const { labels } of sequences) {
    for (let i = 0; i < labels.length; i += 2) {
      if (Number.isNaN(labels[i]!)) continue;
      sums[0]! += labels[i]!;
      sums[1]! += labels[i + 1]!;
      count++;
    }
  }
  return [sums[0]! / Math.max(1, count), sums[1]! / Math.max(1, count)];
}

/** 1 / root mean square of each change; 0 where a horizon has no target at all. */
function changeScaleOf(sequences: readonly Sequence[]): Float32Array {
  const squares = new Float64Array(CHANGES);
  const counts = new Float64Array(CHANGES);
  for (const { changes } of sequences) {
    for (const [i, change] of changes.entries()) {
      if (Number.isNaN(change)) continue;
      squares[i % CHANGES]! += change ** 2;
      counts[i % CHANGES]!++;
    }
  }
  return Float32Array.from(squares, (sum, i) => (counts[i]! && sum > 0 ? Math.sqrt(counts[i]! / sum) : 0));
}

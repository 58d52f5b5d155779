import type { Tensor2D, Variable } from '@tensorflow/tfjs-core';
import type { Engine, Tf } from '../../src/model/engine.ts';
import type { BaselineMemory } from '../../src/model/kinds/baselines/architecture.ts';
import type { BaselineConfig } from '../../src/model/kinds/baselines/systems.ts';
import { createBaselineNetwork } from '../../src/model/kinds/baselines/systems.ts';
import type { Weights } from '../../src/model/weights.ts';
import { UserError } from '../../src/user-error.ts';
import { AdamW } from '../train/adamw.ts';
import { registerGradients } from '../train/gradients.ts';
import { Random } from '../train/random.ts';
import { learningRateAt } from '../train/schedule.ts';
import { valuesOf } from '../train/variables.ts';
import { type BaselineBatch, baselineBatch, batchesOf, type Segment } from './batch.ts';
import { DropoutPool } from './dropout.ts';
import type { BaselineExample } from './examples.ts';
import { initialBaselineWeights, measure } from './initial-weights.ts';
import { baselineLoss } from './loss.ts';
import type { Recipe } from './recipes.ts';

export interface BaselineFitOptions {
  readonly config: BaselineConfig;
  readonly recipe: Recipe;
  readonly seed: number;
}

/** Trains a network one epoch at a time. The same seed on the same engine gives the same weights. */
export class BaselineFit {
  readonly #tf: Tf;
  readonly #options: BaselineFitOptions;
  readonly #examples: readonly BaselineExample[];
  readonly #random: Random;
  readonly #dropout: DropoutPool;
  readonly #measured: Weights;
  readonly #variables: Record<string, Variable> = {};
  readonly #optimizer: AdamW;
  readonly #labelVariance: number;
  #epochs = 0;

  /** @throws UserError `needs-native` for convolutions on an engine that cannot train them */
  constructor({ name, tf }: Engine, examples: readonly BaselineExample[], options: BaselineFitOptions) {
    const { config, recipe, seed } = options;
    if (config.architecture === 'cnn' && name === 'wasm') throw needsNative();
    registerGradients(tf);
    this.#tf = tf;
    this.#options = options;
    this.#examples = examples;
    this.#random = new Random(seed);
    this.#dropout = new DropoutPool(tf, this.#random, recipe.dropout);
    const measured = measure(examples, config);
    this.#labelVariance = measured.labelVariance;
    const weights = initialBaselineWeights(config, measured, this.#random);
    this.#measured = Object.fromEntries(Object.entries(weights).filter(([key]) => isMeasured(key)));
    for (const [key, { shape, values }] of Object.entries(weights)) {
      if (!isMeasured(key)) {
        this.#variables[key] = tf.tidy(() => tf.variable(tf.tensor(values, [...shape])));
      }
    }
    this.#optimizer = new AdamW(tf, this.#variables, recipe);
  }

  /**
   * Trains one pass over the examples. Yields to the event loop after every batch.
   *
   * @param signal aborts after the current batch
   * @returns the mean loss; undefined after an abort
   */
  async epoch(signal?: AbortSignal): Promise<number | undefined> {
    const { config, recipe } = this.#options;
    this.#epochs++;
    let loss = 0;
    const batches = batchesOf(this.#examples, config, recipe, this.#random);
    for (const [i, segments] of batches.entries()) {
      if (signal?.aborted) return undefined;
      const done = (this.#epochs - 1 + (i + 1) / batches.length) / recipe.epochs;
      const rate = learningRateAt(recipe, Math.min(1, done), this.#epochs);
      const isCarried = config.architecture === 'clip-lstm' && config.carried;
      loss += isCarried
        ? await this.#trainCarried(segments, rate, signal)
        : this.#train(baselineBatch(segments), rate);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return signal?.aborted ? undefined : loss / batches.length;
  }

  /**
   * Trains step by step and carries the state, but not the gradient, from step to step: backpropagation through several
   * steps of 44 frames each is too slow.
   */
  async #trainCarried(segments: readonly Segment[], rate: number, signal?: AbortSignal): Promise<number> {
    const steps = Math.max(...segments.map(({ from, to }) => to - from));
    let memory: BaselineMemory | undefined;
    let loss = 0;
    for (let step = 0; step < steps && !signal?.aborted; step++) {
      const now = segments.map(({ example, from, to }) => {
        const at = Math.min(from + step, to); // empty after the end of the segment
        return { example, from: at, to: Math.min(to, at + 1) };
      });
      const before = memory;
      loss += this.#train(baselineBatch(now), rate, before, (after) => {
        memory = after;
      });
      if (before) this.#tf.dispose(before as Record<string, Tensor2D>);
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (memory) this.#tf.dispose(memory as Record<string, Tensor2D>);
    return loss / steps;
  }

  #train(
    batch: BaselineBatch,
    rate: number,
    memory?: BaselineMemory,
    onMemory?: (after: BaselineMemory) => void,
  ): number {
    const tf = this.#tf;
    const rows = batch.steps * batch.streams;
    return tf.tidy(() => {
      const measured = Object.fromEntries(
        Object.entries(this.#measured).map(([name, { values }]) => [name, tf.tensor1d(values)]),
      );
      const x = tf.tensor2d(batch.rows, [rows, batch.rowLength]);
      const targets = {
        labels: tf.tensor2d(batch.labels, [rows, 2]),
        known: tf.tensor2d(batch.known, [rows, 1]),
        classes: tf.tensor2d(batch.classes, [rows, batch.classes.length / rows]),
      };
      const network = createBaselineNetwork(tf, { ...measured, ...this.#variables }, this.#options.config);
      const { value, grads } = tf.variableGrads(() => {
        const { outputs, memory: after } = network.unroll(x, batch.streams, memory, this.#dropout.drop);
        if (onMemory) {
          for (const tensor of Object.values(after)) tf.keep(tensor);
          onMemory(after);
        }
        return baselineLoss(tf, outputs, targets, this.#labelVariance);
      }, Object.values(this.#variables));
      const byName = Object.fromEntries(
        Object.entries(this.#variables).map(([name, { name: id }]) => [name, grads[id]!]),
      );
      this.#optimizer.apply(byName, rate);
      return value.dataSync()[0]!;
    });
  }

  get weights(): Weights {
    return { ...this.#measured, ...valuesOf(this.#variables) };
  }

  dispose(): void {
    this.#tf.dispose(this.#variables);
    this.#optimizer.dispose();
    this.#dropout.dispose();
  }
}

function isMeasured(name: string): boolean {
  return name.startsWith('input/');
}

function needsNative(): UserError {
  return new UserError(
    'needs-native',
    'The engine "wasm" cannot train convolutions; install a native engine with `undertone engine install node` and train with --engine node.',
  );
}

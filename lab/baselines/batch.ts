import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import type { Dropout } from '../../src/model/kinds/baselines/architecture.ts';
import { CLASS_LOGITS } from '../../src/model/kinds/baselines/layers.ts';
import { type BaselineConfig, maxSteps, memoryLengths } from '../../src/model/kinds/baselines/systems.ts';
import { quadrantOf } from '../../src/mood.ts';
import { wordOf } from '../evaluate/quadrants.ts';
import type { Random } from '../train/random.ts';
import type { SeedExample } from './examples.ts';
import type { Recipe } from './recipes.ts';

/** A stretch of a clip of music, from one step up to another. */
export interface Piece {
  readonly example: SeedExample;
  readonly from: number;
  readonly to: number;
}

/** Pieces side by side, time-major: row `step · streams + stream`. */
export interface SeedBatch {
  readonly steps: number;
  readonly streams: number;
  readonly rowLength: number;
  /** [steps · streams, rowLength] */
  readonly rows: Float32Array;
  /** [steps · streams, 2]; 0 where nothing is known. */
  readonly labels: Float32Array;
  /** [steps · streams, 1] 1 where there is a label, else 0. */
  readonly known: Float32Array;
  /** [steps · streams, CLASS_LOGITS] 1 at the label's quadrant and at its word; nothing where there is no label. */
  readonly classes: Float32Array;
}

/** @param pieces shorter ones are filled up with steps that count nothing */
export function seedBatchOf(pieces: readonly Piece[]): SeedBatch {
  const streams = pieces.length;
  const steps = Math.max(...pieces.map(({ from, to }) => to - from));
  const { rowLength } = pieces[0]!.example;
  const batch = {
    steps,
    streams,
    rowLength,
    rows: new Float32Array(steps * streams * rowLength),
    labels: new Float32Array(steps * streams * 2),
    known: new Float32Array(steps * streams),
    classes: new Float32Array(steps * streams * CLASS_LOGITS),
  };
  for (const [stream, { example, from, to }] of pieces.entries()) {
    for (let step = from; step < to; step++) {
      const row = (step - from) * streams + stream;
      example.writeRow(step, batch.rows, row * rowLength);
      const valence = example.labels[2 * step]!;
      const arousal = example.labels[2 * step + 1]!;
      if (Number.isNaN(valence)) continue;
      batch.labels.set([valence, arousal], 2 * row);
      batch.known[row] = 1;
      batch.classes[row * CLASS_LOGITS + quadrantOf(valence, arousal)] = 1;
      batch.classes[row * CLASS_LOGITS + 4 + wordOf(valence, arousal)] = 1;
    }
  }
  return batch;
}

/** Whether what a network predicts for a step depends on those before it. */
export function remembers(config: BaselineConfig): boolean {
  return Object.keys(memoryLengths(config)).length > 0;
}

/** What an epoch learns from, in batches of about the same size: of each clip, as it is or altered, some steps. */
export function batchesOf(
  examples: readonly SeedExample[],
  config: BaselineConfig,
  { streams, steps, singles }: Pick<Recipe, 'streams' | 'steps' | 'singles'>,
  random: Random,
): Piece[][] {
  const most = Math.min(steps, maxSteps(config));
  const pieces = examples.flatMap((plain) => {
    const renderings = [plain, ...(plain.variants ?? [])];
    const example = renderings[random.below(renderings.length)]!;
    if (remembers(config)) {
      const from = random.below(Math.max(0, example.steps - most) + 1);
      return [{ example, from, to: Math.min(example.steps, from + most) }];
    }
    return random
      .permutation(example.steps)
      .slice(0, singles)
      .map((from) => ({ example, from, to: from + 1 }));
  });
  const shuffled = random.permutation(pieces.length).map((i) => pieces[i]!);
  const count = Math.ceil(shuffled.length / streams);
  return Array.from({ length: count }, (_, i) =>
    shuffled.slice(
      Math.round((i * shuffled.length) / count),
      Math.round(((i + 1) * shuffled.length) / count),
    ),
  );
}

/**
 * Random masks that a seed repeats: drawn once, then read from random places, as drawing takes longer than what the
 * masks are for.
 */
export class DropoutPool {
  readonly #tf: Tf;
  readonly #random: Random;
  readonly #share: number;
  #pool: Tensor1D | undefined;

  constructor(tf: Tf, random: Random, share: number) {
    this.#tf = tf;
    this.#random = random;
    this.#share = share;
  }

  readonly drop: Dropout = (x) => {
    const tf = this.#tf;
    if (this.#share === 0) return x;
    const pool = this.#atLeast(2 * x.size);
    const from = this.#random.below(pool.size - x.size);
    return tf.mul(x, tf.reshape(tf.slice1d(pool, from, x.size), x.shape)) as typeof x;
  };

  #atLeast(size: number): Tensor1D {
    if (this.#pool && this.#pool.size >= size) return this.#pool;
    this.#pool?.dispose();
    const kept = 1 / (1 - this.#share);
    const values = Float32Array.from({ length: size }, () => (this.#random.chance(this.#share) ? 0 : kept));
    this.#pool = this.#tf.keep(this.#tf.tensor1d(values));
    return this.#pool;
  }

  dispose(): void {
    this.#pool?.dispose();
  }
}

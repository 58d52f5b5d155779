import type { Sequence } from './sequence.ts';

/** Target values, and a weight for each of them: 0 if it is unknown. */
export interface Target {
  readonly width: number;
  readonly values: Float32Array;
  readonly weights: Float32Array;
}

/** Sequences side by side, time-major: row `step · streams + stream`, so that the rows of a step are contiguous. */
export interface Batch {
  readonly steps: number;
  readonly streams: number;
  /** Length of a row of `summaries`. */
  readonly inputs: number;
  /** [steps · streams, inputs] */
  readonly summaries: Float32Array;
  readonly labels: Target;
  readonly tags: Target;
  readonly softTargets: Target;
}

/** @param sequences shorter ones are padded with steps of weight 0 */
export function batchOf(sequences: readonly Sequence[], tagCount: number): Batch {
  const streams = sequences.length;
  const steps = Math.max(...sequences.map((sequence) => sequence.steps));
  const rows = steps * streams;
  const inputs = sequences[0]!.summaries.length / sequences[0]!.steps;
  const summaries = new Float32Array(rows * inputs);
  const labels = emptyTarget(rows, 2);
  const tags = emptyTarget(rows, tagCount);
  const softTargets = emptyTarget(rows, 2);
  for (const [s, sequence] of sequences.entries()) {
    for (let step = 0; step < sequence.steps; step++) {
      const row = step * streams + s;
      summaries.set(sequence.summaries.subarray(step * inputs, (step + 1) * inputs), row * inputs);
      fillRow(labels, sequence.labels, step, row);
      fillRow(tags, sequence.tags, step, row);
      fillRow(softTargets, sequence.softTargets, step, row);
    }
  }
  return { steps, streams, inputs, summaries, labels, tags, softTargets };
}

/**
 * Mixup: each stream becomes `share` of itself and the rest of another one, in inputs and targets.
 *
 * @param partner [streams] the other stream
 * @param share [streams] 0.5 … 1
 */
export function mixup(batch: Batch, partner: readonly number[], share: readonly number[]): Batch {
  const { streams } = batch;
  const mix = (values: Float32Array, width: number) => {
    const out = new Float32Array(values.length);
    for (let row = 0; row * width < values.length; row++) {
      const own = share[row % streams]!;
      const other = (row - (row % streams) + partner[row % streams]!) * width;
      for (let i = 0; i < width; i++)
        out[row * width + i] = own * values[row * width + i]! + (1 - own) * values[other + i]!;
    }
    return out;
  };
  const mixWeights = (weights: Float32Array, width: number) =>
    weights.map((weight, i) => {
      const row = Math.floor(i / width);
      const stream = row % streams;
      if (share[stream] === 1) return weight; // the other stream has no share
      return weight * weights[(row - stream + partner[stream]!) * width + (i % width)]!;
    });
  const mixTarget = ({ width, values, weights }: Target): Target => ({
    width,
    values: mix(values, width),
    weights: mixWeights(weights, width),
  });
  return {
    ...batch,
    summaries: mix(batch.summaries, batch.inputs),
    labels: mixTarget(batch.labels),
    tags: mixTarget(batch.tags),
    softTargets: mixTarget(batch.softTargets),
  };
}

function emptyTarget(rows: number, width: number): Target {
  return { width, values: new Float32Array(rows * width), weights: new Float32Array(rows * width) };
}

function fillRow({ width, values, weights }: Target, from: Float32Array, row: number, toRow: number): void {
  for (let i = 0; i < width; i++) {
    const value = from[row * width + i]!;
    if (Number.isNaN(value)) continue;
    values[toRow * width + i] = value;
    weights[toRow * width + i] = 1;
  }
}

import type { Sequence } from './sequence.ts';

/*
 * What is measured on the training sequences before weights are fitted.
 */

/** Smallest standard deviation of an input; smaller ones count as constant. */
export const SMALLEST_SCALE = 1e-3;

/** Mean and standard deviation of each input over all steps. */
export function inputStatistics(
  sequences: readonly Sequence[],
  inputs: number,
): { mean: Float64Array; scale: Float64Array } {
  const mean = new Float64Array(inputs);
  const scale = new Float64Array(inputs);
  let rows = 0;
  for (const { summaries, steps } of sequences) {
    rows += steps;
    for (let i = 0; i < summaries.length; i++) mean[i % inputs]! += summaries[i]!;
  }
  for (let i = 0; i < inputs; i++) mean[i]! /= rows;
  for (const { summaries } of sequences) {
    for (let i = 0; i < summaries.length; i++) {
      scale[i % inputs]! += (summaries[i]! - mean[i % inputs]!) ** 2;
    }
  }
  for (let i = 0; i < inputs; i++) scale[i] = Math.max(SMALLEST_SCALE, Math.sqrt(scale[i]! / rows));
  return { mean, scale };
}

/** Mean valence and arousal over all labeled steps. */
export function labelMeanOf(sequences: readonly Sequence[]): [number, number] {
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

import { CED_FEATURES } from '../../../src/model/kinds/undertone/front-ends/ced/sizes.ts';
import { columnMoments } from './column-moments.ts';

/** The distribution of the targets. */
export interface TargetStatistics {
  /** [CED_FEATURES] */
  readonly mean: Float32Array;
  /** [CED_FEATURES] reciprocal standard deviation. */
  readonly perSd: Float32Array;
}

/** @param targets [steps, CED_FEATURES] each */
export function targetStatistics(targets: readonly Float32Array[]): TargetStatistics {
  const { mean, variance } = columnMoments(targets, CED_FEATURES);
  return {
    mean: Float32Array.from(mean),
    perSd: Float32Array.from(variance, (x) => 1 / Math.sqrt(Math.max(x, 1e-8))),
  };
}

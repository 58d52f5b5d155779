import { CED_FEATURES } from '../../../src/model/kinds/undertone/front-ends/ced/sizes.ts';

/** The distribution of the targets. */
export interface TargetStatistics {
  /** [CED_FEATURES] */
  readonly mean: Float32Array;
  /** [CED_FEATURES] reciprocal standard deviation. */
  readonly perSd: Float32Array;
}

/** @param targets [steps, CED_FEATURES] each */
export function targetStatistics(targets: readonly Float32Array[]): TargetStatistics {
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
  const perSd = Float32Array.from(squares, (square, i) => {
    const variance = square / rows - (sums[i]! / rows) ** 2;
    return 1 / Math.sqrt(Math.max(variance, 1e-8));
  });
  return { mean: Float32Array.from(sums, (sum) => sum / rows), perSd };
}

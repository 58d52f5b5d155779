import { CED_FEATURES } from '../../../src/model/kinds/undertone/front-ends/ced/sizes.ts';

/** @param targets [steps, CED_FEATURES] each @returns [CED_FEATURES] the reciprocal standard deviation of each feature */
export function reciprocalSds(targets: readonly Float32Array[]): Float32Array {
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

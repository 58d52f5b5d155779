import type { TrainOptions } from './options.ts';

/**
 * A member as a network of its own. Members differ in what they begin with and hear, not in what they learn
 * from: left to chance, they err apart (Lakshminarayanan et al. 2017).
 */
export function memberOptions(options: TrainOptions, member: number): TrainOptions {
  return { ...options, seed: options.seed + 1000 * member, network: { ...options.network, members: 1 } };
}

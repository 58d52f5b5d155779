import { z } from 'zod';
import type { Tf } from '../../engine.ts';
import type { Architecture, BaselineNetwork, BaselineTensors, RowMaker, Shapes } from './architecture.ts';
import { clipLstm } from './clip-lstm.ts';
import { cnn } from './cnn.ts';
import { statisticsLstm } from './statistics-lstm.ts';
import { transformer } from './transformer.ts';

/** The registry: an architecture is one file here, and one line. */
const ARCHITECTURES = { 'clip-lstm': clipLstm, 'statistics-lstm': statisticsLstm, transformer, cnn } as const;

type AnyArchitecture = (typeof ARCHITECTURES)[keyof typeof ARCHITECTURES];

/** The architecture and sizes of a network. It is stored with the weights and checked when they are loaded. */
export type BaselineConfig = z.infer<AnyArchitecture['parameters']>;

const schemas = Object.values(ARCHITECTURES).map(({ parameters }) => parameters);
export const baselineSchema = z.discriminatedUnion(
  'architecture',
  schemas as [AnyArchitecture['parameters'], ...AnyArchitecture['parameters'][]],
);

/** The baselines: systems from the literature, by the names that models and comparisons use. */
export const BASELINE_CONFIGS = {
  'seed-a': { architecture: 'clip-lstm', hidden: 20, carried: false },
  'seed-a-carried': { architecture: 'clip-lstm', hidden: 20, carried: true },
  'seed-b': { architecture: 'statistics-lstm', hidden: 64, layers: 2, modules: 2, classes: false },
  'seed-b-transformer': {
    architecture: 'transformer',
    width: 64,
    layers: 2,
    heads: 4,
    inner: 128,
    past: 32,
  },
  'seed-c': { architecture: 'cnn', channels: [16, 32, 48], features: 64, hidden: 64 },
  cnn: { architecture: 'cnn', channels: [16, 32, 48], features: 64, hidden: 0 },
  lstm: { architecture: 'statistics-lstm', hidden: 64, layers: 1, modules: 1, classes: true },
} as const satisfies Record<string, BaselineConfig>;

export type BaselineName = keyof typeof BASELINE_CONFIGS;
export const BASELINE_NAMES = Object.keys(BASELINE_CONFIGS) as BaselineName[];

function architectureOf({ architecture }: BaselineConfig): Architecture<BaselineConfig> {
  return ARCHITECTURES[architecture];
}

/** The shape of every array of a network by name. */
export function baselineShapes(config: BaselineConfig): Shapes {
  return architectureOf(config).weightShapes(config);
}

/** The length of each array of a stream's state by name; empty for a network without memory. */
export function memoryLengths(config: BaselineConfig): Readonly<Record<string, number>> {
  return architectureOf(config).memoryLengths(config);
}

/** Computes a network's input from a clip. */
export function rowMaker(config: BaselineConfig): RowMaker {
  return architectureOf(config).rows;
}

/** The maximum number of steps that a network can unroll at once. */
export function maxSteps(config: BaselineConfig): number {
  return architectureOf(config).maxSteps?.(config) ?? Number.POSITIVE_INFINITY;
}

export function createBaselineNetwork(
  tf: Tf,
  weights: BaselineTensors,
  config: BaselineConfig,
): BaselineNetwork {
  return architectureOf(config).build(tf, weights, config);
}

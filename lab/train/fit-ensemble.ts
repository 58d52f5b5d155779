import type { Engine } from '../../src/model/engine.ts';
import { stackEnsemble } from '../../src/model/kinds/undertone/ensemble.ts';
import { onGrid, type Weights } from '../../src/model/weights.ts';
import { strengthOf } from './decorrelate.ts';
import type { Example } from './example.ts';
import { Fit } from './fit.ts';
import { fitKernelRegression } from './fit-kernel-regression.ts';
import type { TrainOptions } from './options.ts';

export interface EnsembleRequest {
  readonly engine: Engine;
  readonly options: TrainOptions;
  readonly examples: readonly Example[];
  /** `epoch` is counted over all members. */
  readonly onEpoch?: (epoch: number, loss: number) => void;
  /** `member` is counted from 0. */
  readonly onMember?: (member: number, loss: number, seconds: number) => void;
  readonly signal?: AbortSignal;
}

/** Trains all ensemble members for all epochs, without validation; undefined if `signal` aborted it. */
export async function fitEnsemble({
  engine,
  options,
  examples,
  onEpoch,
  onMember,
  signal,
}: EnsembleRequest): Promise<Weights | undefined> {
  const all: Weights[] = [];
  for (let member = 0; member < options.network.members; member++) {
    const began = performance.now();
    const fit = new Fit(engine.tf, examples, memberOptions(options, member));
    try {
      let loss = 0;
      while (fit.epochs < options.epochs) {
        const epochLoss = await fit.epoch(signal);
        if (epochLoss === undefined) return undefined;
        loss = epochLoss;
        onEpoch?.(member * options.epochs + fit.epochs, loss);
      }
      all.push(fit.weights);
      onMember?.(member, loss, (performance.now() - began) / 1000);
    } finally {
      fit.dispose();
    }
  }
  return completed(engine, options, examples, all);
}

/** Arrays of a network that are stored as int8, because they are most of its size. */
const LARGE: ReadonlySet<string> = new Set(['project/kernel', 'lstm/input-kernel', 'lstm/hidden-kernel']);

/** The ensemble of trained networks as it is stored, and the kernel regression beside them if the options ask for one. */
export function completed(
  engine: Engine,
  { network, seed }: TrainOptions,
  examples: readonly Example[],
  networks: readonly Weights[],
): Weights {
  const stacked = stackEnsemble(networks);
  const rounded = Object.fromEntries(
    Object.entries(stacked).map(([name, array]) => [name, LARGE.has(name) ? onGrid(array) : array]),
  );
  if (network.landmarks === 0) return rounded;
  return { ...rounded, ...fitKernelRegression(engine.tf, rounded, examples, network.landmarks, seed) };
}

/**
 * The options of one ensemble member, trained as a separate network. Members differ in their random seed, not in
 * their training data (Lakshminarayanan et al. 2017), and in how they weight it if `decorrelate` is a list.
 */
export function memberOptions(options: TrainOptions, member: number): TrainOptions {
  return {
    ...options,
    seed: options.seed + 1000 * member,
    network: { ...options.network, members: 1, landmarks: 0 },
    decorrelate: strengthOf(options.decorrelate, member),
  };
}

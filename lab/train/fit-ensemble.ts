import type { Engine } from '../../src/model/engine.ts';
import { stackEnsemble } from '../../src/model/kinds/undertone/ensemble.ts';
import type { Weights } from '../../src/model/weights.ts';
import type { Example } from './examples.ts';
import { Fit } from './fit.ts';
import type { TrainOptions } from './options.ts';

export interface FitMembersRequest {
  readonly engine: Engine;
  readonly options: TrainOptions;
  readonly examples: readonly Example[];
  /** `epoch` counts on over the members. */
  readonly onEpoch?: (epoch: number, loss: number) => void;
  readonly onMember?: (member: number, loss: number, seconds: number) => void;
  readonly signal?: AbortSignal;
}

/** Trains all members for all epochs, with nobody to judge them on the way; undefined where `signal` ended it. */
export async function fitMembers({
  engine,
  options,
  examples,
  onEpoch,
  onMember,
  signal,
}: FitMembersRequest): Promise<Weights | undefined> {
  const all: Weights[] = [];
  for (let member = 0; member < options.network.members; member++) {
    const began = performance.now();
    const fit = new Fit(engine.tf, examples, memberOptions(options, member));
    try {
      let loss = 0;
      while (fit.epochs < options.epochs) {
        const ofEpoch = await fit.epoch(signal);
        if (ofEpoch === undefined) return undefined;
        loss = ofEpoch;
        onEpoch?.(member * options.epochs + fit.epochs, loss);
      }
      all.push(fit.weights);
      onMember?.(member, loss, (performance.now() - began) / 1000);
    } finally {
      fit.dispose();
    }
  }
  return stackEnsemble(all);
}

/**
 * A member as a network of its own. Members differ in what they begin with and hear, not in what they learn
 * from: left to chance, they err apart (Lakshminarayanan et al. 2017).
 */
export function memberOptions(options: TrainOptions, member: number): TrainOptions {
  return { ...options, seed: options.seed + 1000 * member, network: { ...options.network, members: 1 } };
}

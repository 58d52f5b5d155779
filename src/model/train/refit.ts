import type { Engine } from '../engine.ts';
import { stackMembers } from '../members.ts';
import type { Weights } from '../weights.ts';
import type { Teach } from './distill/school.ts';
import type { Example } from './examples.ts';
import { Fit } from './fit.ts';
import { memberOptions } from './member-options.ts';
import type { TrainOptions } from './options.ts';
import type { RunRecord } from './run-record.ts';
import type { Part } from './split.ts';
import { stoppedInRefit } from './stopped.ts';

export interface RefitRequest {
  readonly engine: Engine;
  readonly options: TrainOptions;
  readonly parts: Readonly<Record<Part, readonly Example[]>>;
  readonly teach: Teach;
  readonly record: RunRecord;
  /** Folder of the run, for the sentence that says how to go on. */
  readonly out: string;
  readonly signal?: AbortSignal;
}

/**
 * Trains all members once more, on the validation songs as well and for all epochs. The intervals that were
 * measured before stand: who learned from more music errs no more.
 *
 * @throws UserError `stopped` where `signal` ended it: it begins anew when the run is taken up again
 */
export async function refit({
  engine,
  options,
  parts,
  teach,
  record,
  out,
  signal,
}: RefitRequest): Promise<Weights> {
  const examples = await teach([...parts.train, ...parts.validation], signal);
  const { members } = options.network;
  const all: Weights[] = [];
  for (let member = 0; member < members; member++) {
    const began = performance.now();
    const learned = await learnAll(engine, examples, memberOptions(options, member), signal);
    if (!learned) throw stoppedInRefit(out);
    const { weights, loss } = learned;
    all.push(weights);
    const seconds = (performance.now() - began) / 1000;
    record.add({ type: 'refit', member: member + 1, of: members, loss, seconds });
  }
  return stackMembers(all);
}

/** One network through all epochs, with nobody to judge it on the way. */
async function learnAll(
  { tf }: Engine,
  examples: readonly Example[],
  options: TrainOptions,
  signal?: AbortSignal,
): Promise<{ weights: Weights; loss: number } | undefined> {
  const fit = new Fit(tf, examples, options);
  try {
    let loss = 0;
    while (fit.epochs < options.epochs) {
      const ofEpoch = await fit.epoch(signal);
      if (ofEpoch === undefined) return undefined;
      loss = ofEpoch;
    }
    return { weights: fit.weights, loss };
  } finally {
    fit.dispose();
  }
}

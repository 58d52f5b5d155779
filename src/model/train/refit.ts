import type { Engine } from '../engine.ts';
import type { Weights } from '../weights.ts';
import type { Teach } from './distill/school.ts';
import type { Example } from './examples.ts';
import { fitMembers } from './fit-members.ts';
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
  const weights = await fitMembers({
    engine,
    options,
    examples,
    onMember(member, loss, seconds) {
      record.add({ type: 'refit', member: member + 1, of: members, loss, seconds });
    },
    ...(signal && { signal }),
  });
  if (!weights) throw stoppedInRefit(out);
  return weights;
}

import { join } from 'node:path';
import { z } from 'zod';
import { SUMMARY_LENGTH } from '../summary.ts';
import {
  headerSize,
  readHeader,
  readWeights,
  type Weights,
  weightEntries,
  writeWithHeader,
} from '../weights.ts';
import type { DecisionRule } from './decision.ts';
import { type SpeechNetworkConfig, speechShapes } from './speech-network.ts';

const headerSchema = z.object({
  format: z.literal(1),
  network: z.strictObject({
    inputs: z.literal(SUMMARY_LENGTH),
    projection: headerSize,
    hidden: headerSize.multipleOf(4), // four units of the LSTM at once
  }),
  rule: z.strictObject({ smoothing: z.number().min(0).lt(1), enter: z.number(), leave: z.number() }),
  /** How it was trained, for people. */
  training: z.record(z.string(), z.unknown()),
  weights: weightEntries,
});

/** The content of a speech detector's folder: `activity.json` and `weights.bin`. */
export interface ActivityFile {
  readonly network: SpeechNetworkConfig;
  readonly rule: DecisionRule;
  readonly training: Readonly<Record<string, unknown>>;
  readonly weights: Weights;
}

/** @throws UserError `bad-model` with the field that is wrong */
export async function readActivityFile(folder: string): Promise<ActivityFile> {
  const path = join(folder, 'activity.json');
  const { network, rule, training, weights } = await readHeader(path, headerSchema, {
    subject: 'speech detector',
    retrain: 'undertone activity train',
  });
  return {
    network,
    rule,
    training,
    weights: await readWeights(join(folder, 'weights.bin'), weights, speechShapes(network)),
  };
}

export async function writeActivityFile(folder: string, file: ActivityFile): Promise<void> {
  const { network, rule, training, weights } = file;
  await writeWithHeader(folder, 'activity.json', { format: 1, network, rule, training }, weights);
}

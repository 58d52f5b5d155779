import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../user-error.ts';
import { SUMMARY_LENGTH } from '../config.ts';
import { packWeights, readWeights, type Weights } from '../weights.ts';
import type { DecisionRule } from './decision.ts';
import { type SpeechNetworkConfig, speechShapes } from './speech-network.ts';

const size = z.number().int().positive().max(100_000);

const headerSchema = z.object({
  format: z.literal(1),
  network: z.strictObject({ inputs: z.literal(SUMMARY_LENGTH), projection: size, hidden: size }),
  rule: z.strictObject({ smoothing: z.number().min(0).lt(1), enter: z.number(), leave: z.number() }),
  /** How it was trained, for people. */
  training: z.record(z.string(), z.unknown()),
  weights: z.array(z.object({ name: z.string(), shape: z.array(size), offset: z.number().int().min(0) })),
});

/** A speech detector as it lies in its folder: `activity.json` and `weights.bin`. */
export interface ActivityFile {
  readonly network: SpeechNetworkConfig;
  readonly rule: DecisionRule;
  readonly training: Readonly<Record<string, unknown>>;
  readonly weights: Weights;
}

/** @throws UserError `bad-model` with what does not fit */
export async function readActivityFile(folder: string): Promise<ActivityFile> {
  const path = join(folder, 'activity.json');
  const { network, rule, training, weights } = await readHeader(path);
  return {
    network,
    rule,
    training,
    weights: await readWeights(join(folder, 'weights.bin'), weights, speechShapes(network)),
  };
}

export async function writeActivityFile(folder: string, file: ActivityFile): Promise<void> {
  const { entries, bytes } = packWeights(file.weights);
  const { network, rule, training } = file;
  const header = { format: 1, network, rule, training, weights: entries };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'weights.bin'), bytes);
  await writeFile(join(folder, 'activity.json'), `${JSON.stringify(header, null, 2)}\n`);
}

async function readHeader(path: string): Promise<z.infer<typeof headerSchema>> {
  try {
    return headerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const reason =
      cause instanceof z.ZodError
        ? `${cause.issues[0]!.path.join('.') || 'the file'}: ${cause.issues[0]!.message}`
        : (cause as Error).message;
    throw new UserError(
      'bad-model',
      `The speech detector ${path} is not one that this version of undertone can use (${reason}); fetch its folder anew or train it again with \`undertone activity train\`.`,
      { cause },
    );
  }
}

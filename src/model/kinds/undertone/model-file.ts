import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../user-error.ts';
import { type Calibration, calibrationSchema } from '../../calibration.ts';
import { INPUTS, type NetworkConfig } from '../../config.ts';
import { headerFault, headerSize, weightEntries, writeWithHeader } from '../../header.ts';
import { readWeights, type Weights } from '../../weights.ts';
import { FRONT_ENDS } from './front-ends/front-end.ts';
import { storedShapes } from './network.ts';

/** Raised when a network made of the same numbers would mean something else. */
export const MODEL_FORMAT = 1;

const modelFileSchema = z.object({
  format: z.literal(MODEL_FORMAT),
  network: z.strictObject({
    frontEnd: z.enum(FRONT_ENDS).default('mel'),
    inputs: headerSize,
    projection: headerSize,
    hidden: headerSize,
    members: headerSize.default(1),
  }),
  calibration: calibrationSchema,
  /** How it was trained, for people. */
  training: z.record(z.string(), z.unknown()),
  weights: weightEntries,
});

/** A model as it lies in its folder: `model.json` and `weights.bin`. */
export interface ModelFile {
  readonly name: string;
  readonly network: NetworkConfig;
  readonly calibration: Calibration;
  readonly training: Readonly<Record<string, unknown>>;
  readonly weights: Weights;
}

/** @throws UserError `bad-model` with what does not fit */
export async function readModel(folder: string): Promise<ModelFile> {
  const path = join(folder, 'model.json');
  const header = parseHeader(path, await readFile(path, 'utf8'));
  const { network, calibration, training } = header;
  const inputs = INPUTS[network.frontEnd];
  if (network.inputs !== inputs) {
    throw new UserError(
      'bad-model',
      `The model ${path} expects ${network.inputs} numbers of a window, but the front end "${network.frontEnd}" of this version of undertone makes ${inputs}; train it again with \`undertone train\`.`,
    );
  }
  const weights = await readWeights(join(folder, 'weights.bin'), header.weights, storedShapes(network));
  return { name: basename(resolve(folder)), network, calibration, training, weights };
}

export async function writeModel(folder: string, model: Omit<ModelFile, 'name'>): Promise<void> {
  const { network, calibration, training } = model;
  const header = { format: MODEL_FORMAT, network, calibration, training };
  await writeWithHeader(folder, 'model.json', header, model.weights);
}

function parseHeader(path: string, text: string): z.infer<typeof modelFileSchema> {
  try {
    return modelFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(
      'bad-model',
      `The model ${path} is not one that this version of undertone can use (${headerFault(cause)}); fetch the model's folder anew or train it again with \`undertone train\`.`,
      { cause },
    );
  }
}

import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../user-error.ts';
import { type Calibration, calibrationSchema } from '../../calibration.ts';
import { headerFault, headerSize, weightEntries, writeWithHeader } from '../../header.ts';
import { readWeights, type Weights } from '../../weights.ts';
import { seedShapes } from './shapes.ts';
import { SEED_NAMES, type SeedConfig, type SeedName } from './systems.ts';

/** Raised when a network made of the same numbers would mean something else. */
const SEED_FORMAT = 1;

const configSchema = z.discriminatedUnion('architecture', [
  z.strictObject({ architecture: z.literal('clip-lstm'), hidden: headerSize, carried: z.boolean() }),
  z.strictObject({
    architecture: z.literal('statistics-lstm'),
    hidden: headerSize,
    layers: z.union([z.literal(1), z.literal(2)]),
    modules: z.union([z.literal(1), z.literal(2)]),
    classes: z.boolean(),
  }),
  z
    .strictObject({
      architecture: z.literal('transformer'),
      width: headerSize,
      layers: headerSize,
      heads: headerSize,
      inner: headerSize,
      past: headerSize,
    })
    .refine(({ width, heads }) => width % heads === 0, 'the width is no multiple of the heads'),
  z.strictObject({
    architecture: z.literal('cnn'),
    channels: z.tuple([headerSize, headerSize, headerSize]),
    features: headerSize,
    hidden: z.number().int().min(0).max(100_000),
  }),
]);

const seedFileSchema = z.object({
  format: z.literal(SEED_FORMAT),
  kind: z.enum(SEED_NAMES),
  network: configSchema,
  calibration: calibrationSchema,
  /** How it was trained, for people. */
  training: z.record(z.string(), z.unknown()),
  weights: weightEntries,
});

/** A system of the literature as it lies in its folder: `model.json`, whose `kind` tells it from undertone's own, and `weights.bin`. */
export interface SeedFile {
  readonly name: string;
  readonly kind: SeedName;
  readonly network: SeedConfig;
  readonly calibration: Calibration;
  readonly training: Readonly<Record<string, unknown>>;
  readonly weights: Weights;
}

/** Whether the header names a kind at all; what is wrong with it is told by `readSeedModel`. */
export async function isSeedModel(folder: string): Promise<boolean> {
  try {
    const header: unknown = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
    return typeof header === 'object' && header !== null && 'kind' in header;
  } catch {
    return false; // the reader of undertone's own models tells the fault
  }
}

/** @throws UserError `bad-model` with what does not fit */
export async function readSeedModel(folder: string): Promise<SeedFile> {
  const path = join(folder, 'model.json');
  const header = parseHeader(path, await readFile(path, 'utf8'));
  const { kind, network, calibration, training } = header;
  const weights = await readWeights(join(folder, 'weights.bin'), header.weights, seedShapes(network));
  return { name: basename(resolve(folder)), kind, network, calibration, training, weights };
}

export async function writeSeedModel(folder: string, model: Omit<SeedFile, 'name'>): Promise<void> {
  const { kind, network, calibration, training, weights } = model;
  const header = { format: SEED_FORMAT, kind, network, calibration, training };
  await writeWithHeader(folder, 'model.json', header, weights);
}

function parseHeader(path: string, text: string): z.infer<typeof seedFileSchema> {
  try {
    return seedFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(
      'bad-model',
      `The model ${path} is not one that this version of undertone can use (${headerFault(cause)}); fetch the model's folder anew or train it again with \`undertone train --system\`.`,
      { cause },
    );
  }
}

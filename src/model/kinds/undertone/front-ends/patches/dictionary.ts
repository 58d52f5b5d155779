import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MEL_BANDS } from '../../../../../stream/mel.ts';
import { UserError } from '../../../../../user-error.ts';
import { packWeights, readWeights, type Weights } from '../../../../weights.ts';

/** Length of a patch in frames of all mel bands: 80 ms. */
export const PATCH_FRAMES = 4;
export const PATCH_SIZE: number = PATCH_FRAMES * MEL_BANDS;
/** Number of entries of the dictionary. */
export const PATCHES = 128;

/** A patch begins at every second frame, 16 in a step. Every frame took twice the time and was not better. */
export const PATCH_STRIDE = 2;
export const PATCHES_A_STEP = 16;
/** Number of pooled steps: those of the window, 3 s. */
export const POOLED_STEPS = 6;

/** The mean and maximum of each entry's activation over the window. */
export const PATCH_INPUTS: number = 2 * PATCHES;

/** The learned dictionary: the activations of a patch x are `max(0, x · kernel + bias)`. */
export interface Dictionary {
  /** [PATCH_SIZE, PATCHES]; rows in the order of frames, oldest first, then bands. */
  readonly kernel: Float32Array;
  /** [PATCHES] */
  readonly bias: Float32Array;
}

const SHAPES = { 'patches/kernel': [PATCH_SIZE, PATCHES], 'patches/bias': [PATCHES] } as const;

const headerSchema = z.object({
  format: z.literal(1),
  /** How it was learned, for readers of the file. */
  learned: z.record(z.string(), z.unknown()),
  weights: z.array(z.object({ name: z.string(), shape: z.array(z.number()), offset: z.number() })),
});

/** @throws UserError `no-patches` if the folder has no dictionary, `bad-model` if its weights are wrong */
export async function readDictionary(folder: string): Promise<Dictionary> {
  const header = await readFile(join(folder, 'patches.json'), 'utf8')
    .then((text) => headerSchema.parse(JSON.parse(text)))
    .catch((cause: Error) => {
      throw new UserError(
        'no-patches',
        `The dictionary of the front end "patches" could not be read from ${folder}; expected patches.json and weights.bin, as \`undertone patches\` writes them.`,
        { cause },
      );
    });
  const weights = await readWeights(join(folder, 'weights.bin'), header.weights, SHAPES);
  return { kernel: weights['patches/kernel']!.values, bias: weights['patches/bias']!.values };
}

/** @param learned how it was learned, for readers of the file */
export async function writeDictionary(
  folder: string,
  { kernel, bias }: Dictionary,
  learned: Readonly<Record<string, unknown>>,
): Promise<void> {
  const arrays: Weights = {
    'patches/kernel': { shape: SHAPES['patches/kernel'], values: kernel },
    'patches/bias': { shape: SHAPES['patches/bias'], values: bias },
  };
  const { entries, bytes } = packWeights(arrays);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'weights.bin'), bytes);
  const header = { format: 1, learned, weights: entries };
  await writeFile(join(folder, 'patches.json'), `${JSON.stringify(header, null, 2)}\n`);
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../../../user-error.ts';
import { dequantize } from '../../../../quantize.ts';
import { readFloats, sizeOf, type Weights } from '../../../../weights.ts';
import { SHAPES } from './sizes.ts';

const manifestSchema = z.object({
  tensors: z.array(
    z.object({
      name: z.string(),
      shape: z.array(z.number().int().positive()),
      /** In bytes. */
      offset: z.number().int().min(0),
      /** Only of int8 numbers: value = scale · (number − zeroPoint). Others are float32. */
      scale: z.number().optional(),
      zeroPoint: z.number().int().optional(),
    }),
  ),
});

/**
 * Reads `manifest.json` and `weights.bin` from a folder such as `models/ced`, as float32.
 *
 * @param shapes of all tensors by name; by default those of CED-tiny
 * @throws UserError `no-ced-weights` if they are missing, `bad-model` if they are damaged
 */
export async function readCedWeights(
  folder: string,
  shapes: Readonly<Record<string, readonly number[]>> = SHAPES,
): Promise<Weights> {
  const [manifest, bytes] = await Promise.all([
    readFile(join(folder, 'manifest.json'), 'utf8').then((text) => manifestSchema.parse(JSON.parse(text))),
    readFile(join(folder, 'weights.bin')),
  ]).catch((cause) => {
    throw new UserError(
      'no-ced-weights',
      `The weights of the audio transformer CED could not be read from ${folder}; expected manifest.json and weights.bin, as scripts/ced-weights.py and the command undertone distill write them.`,
      { cause },
    );
  });
  const weights: Record<string, Weights[string]> = {};
  for (const [name, shape] of Object.entries(shapes)) {
    const entry = manifest.tensors.find((tensor) => tensor.name === name);
    const size = sizeOf(shape);
    const end = entry && entry.offset + size * (entry.scale === undefined ? 4 : 1);
    if (entry?.shape.join() !== shape.join() || end! > bytes.length) {
      throw new UserError(
        'bad-model',
        `The weights of the audio transformer CED in ${folder} lack "${name}" with the shape [${shape}]; fetch the folder again or write it with scripts/ced-weights.py.`,
      );
    }
    const { offset, scale, zeroPoint = 0 } = entry;
    const values =
      scale === undefined
        ? readFloats(new DataView(bytes.buffer, bytes.byteOffset), offset, size)
        : dequantize(new Int8Array(bytes.buffer, bytes.byteOffset + offset, size), { scale, zeroPoint });
    weights[name] = { shape, values };
  }
  return weights;
}

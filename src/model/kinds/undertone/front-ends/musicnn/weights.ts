import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../../../../user-error.ts';

export interface WeightArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Returns a tensor of the original checkpoint by its name there. */
export type MusicnnWeights = (name: string) => WeightArray;

interface Manifest {
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly offset: number;
  }[];
}

/**
 * Reads `manifest.json` and `weights.bin` (float32, little-endian) from a folder such as `models/musicnn`.
 *
 * @throws UserError `no-musicnn-weights`; the result throws `bad-musicnn-weights` for a missing tensor
 */
export async function readMusicnnWeights(folder: string): Promise<MusicnnWeights> {
  const [manifest, bytes] = await Promise.all([
    readFile(join(folder, 'manifest.json'), 'utf8').then((text) => JSON.parse(text) as Manifest),
    readFile(join(folder, 'weights.bin')),
  ]).catch((cause) => {
    throw new UserError(
      'no-musicnn-weights',
      `The music tagger's weights were not found in ${folder}; expected manifest.json and weights.bin, as scripts/musicnn-weights.py writes them.`,
      { cause },
    );
  });
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const arrays = new Map(
    manifest.tensors.map(({ name, shape, offset }) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, { shape, values: values.subarray(offset / 4, offset / 4 + size) }];
    }),
  );
  return (name) => {
    const array = arrays.get(name);
    if (array) return array;
    throw new UserError('bad-musicnn-weights', `The music tagger's weights in ${folder} lack "${name}".`);
  };
}

const EPSILON = 1e-3;

/** A batch normalization at inference: `x · scale + offset` per channel. */
export interface Normalization {
  readonly scale: Float32Array;
  readonly offset: Float32Array;
}

/** @param index suffix of the layer's name in the checkpoint; 0 for none */
export function readNormalization(weights: MusicnnWeights, index: number): Normalization {
  const layer = index === 0 ? 'batch_normalization' : `batch_normalization_${index}`;
  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map(
    (part) => weights(`${layer}/${part}`).values,
  );
  const scale = gamma!.map((value, i) => value / Math.sqrt(variance![i]! + EPSILON));
  const offset = beta!.map((value, i) => value - mean![i]! * scale[i]!);
  return { scale, offset };
}

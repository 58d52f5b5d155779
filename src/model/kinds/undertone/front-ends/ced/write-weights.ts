import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quantize } from '../../../../quantize.ts';
import type { Weights } from '../../../../weights.ts';

/**
 * Writes `manifest.json` and `weights.bin` as `readCedWeights` reads them: the blocks' kernels as int8 with one scale and
 * zero point each, the rest as float32. Rounding changes a number by at most half a scale.
 *
 * @param source where the weights are from, for readers of the manifest
 */
export async function writeCedWeights(folder: string, weights: Weights, source: string): Promise<void> {
  const names = Object.keys(weights).sort();
  const isKernel = (name: string) => name.endsWith('.kernel');
  // Float arrays first, so that they are aligned.
  const ordered = [...names.filter((name) => !isKernel(name)), ...names.filter(isKernel)];
  const parts: Buffer[] = [];
  const tensors: object[] = [];
  let offset = 0;
  for (const name of ordered) {
    const { shape, values } = weights[name]!;
    const quantized = isKernel(name) ? quantize(values) : undefined;
    const bytes = quantized
      ? Buffer.from(quantized.numbers.buffer)
      : Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    tensors.push({
      name,
      shape,
      offset,
      ...(quantized && { scale: quantized.scale, zeroPoint: quantized.zeroPoint }),
    });
    parts.push(bytes);
    offset += bytes.length;
  }
  const head = {
    source,
    dtype: 'float32 little-endian; with a scale: int8, value = scale * (number - zeroPoint)',
  };
  const lines = tensors.map((tensor) => JSON.stringify(tensor)).join(',\n');
  const manifest = `${JSON.stringify(head, null, 1).replace(/\n}$/, '')},\n "tensors": [\n${lines}\n]\n}\n`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'weights.bin'), Buffer.concat(parts));
  await writeFile(join(folder, 'manifest.json'), manifest);
}

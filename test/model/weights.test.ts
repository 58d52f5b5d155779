import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Random } from '../../lab/train/random.ts';
import { onGrid, readWeights, type Weights, writeWithHeader } from '../../src/model/weights.ts';

test('arrays on a grid are stored as int8 and read back exactly', async () => {
  const random = new Random(1);
  const numbers = (count: number) => Float32Array.from({ length: count }, () => 0.3 * random.normal());
  const plain = { shape: [5, 3], values: numbers(15) };
  const rounded = onGrid({ shape: [7, 11], values: numbers(77) });
  const zeros = onGrid({ shape: [3], values: new Float32Array(3) });
  const weights: Weights = { 'a/rounded': rounded, 'b/plain': plain, 'c/zeros': zeros };
  const folder = await mkdtemp(join(tmpdir(), 'undertone-weights-'));
  try {
    await writeWithHeader(folder, 'model.json', {}, weights);
    const header = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
    const shapes = { 'a/rounded': [7, 11], 'b/plain': [5, 3], 'c/zeros': [3] };
    expect(await readWeights(join(folder, 'weights.bin'), header.weights, shapes)).toEqual(weights);
    expect((await stat(join(folder, 'weights.bin'))).size).toBe(80 + 60 + 4); // int8 arrays end on four bytes
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('rounding to a grid moves a value by at most half a step of 256, and zero not at all', () => {
  const values = Float32Array.of(-0.2, -0.1003, 0, 0.07, 0.31);
  const rounded = onGrid({ shape: [5], values });
  for (const [i, x] of rounded.values.entries()) {
    expect(Math.abs(x - values[i]!)).toBeLessThanOrEqual((0.51 * 0.501) / 255);
  }
  expect(rounded.values[2]).toBe(0);
  expect(onGrid(rounded).values).toEqual(rounded.values);
});

import { expect, test } from 'vitest';
import { assembleKernels, KERNEL_MODULES } from '../../../scripts/build-kernels.mjs';
import { LAYERS_WASM } from '../../../src/model/kernels/layers-wasm.ts';
import { createKernels } from '../../../src/stream/kernels/kernels.ts';
import { KERNELS_WASM } from '../../../src/stream/kernels/kernels-wasm.ts';

/** Numbers that look random, between -1 and 1. */
const noise = (length: number, seed = 1) =>
  Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 12.9898 * seed) * Math.cos(i * 78.233));

test('the committed modules are the assembled sources', async () => {
  const committed: Record<string, string> = { KERNELS_WASM, LAYERS_WASM };
  for (const { source, constant } of KERNEL_MODULES) {
    expect(await assembleKernels(source)).toBe(committed[constant]);
  }
});

test('grid reads six neighbors of each bin', () => {
  const bins = 5;
  const kernels = createKernels(4_096);
  const padded = kernels.floats(0, 64);
  const weights = kernels.floats(1_024, 12 * bins);
  const at = kernels.integers(2_048, bins);
  const power = kernels.floats(3_072, bins);
  padded.set(noise(64));
  for (let k = 0; k < bins; k++) {
    at[k] = 4 * 2 * (3 * k);
    for (let j = 0; j < 6; j++) weights.fill(0.1 + j - k, 2 * (6 * k + j), 2 * (6 * k + j + 1));
  }
  kernels.grid(0, 1_024, 2_048, 3_072, bins, 0.5);
  for (let k = 0; k < bins; k++) {
    let re = 0;
    let im = 0;
    for (let j = 0; j < 6; j++) {
      re += (0.1 + j - k) * padded[6 * k + 2 * j]!;
      im += (0.1 + j - k) * padded[6 * k + 2 * j + 1]!;
    }
    expect(power[k]).toBeCloseTo(0.5 * (re * re + im * im), 4);
  }
});

test.each([0, 1, 4, 6, 7])('halfBand gives %i outputs', (outputs) => {
  const sides = [0.3, -0.1, 0.05];
  const reach = 2 * sides.length - 1;
  const samples = noise(2 * reach + 2 * outputs);
  const kernels = createKernels(4_096);
  kernels.floats(0, samples.length).set(samples);
  kernels.floats(2_560, sides.length).set(sides);
  const out = kernels.floats(3_072, outputs);
  kernels.halfBand(0, samples.length, 1_024, 2_048, 2_560, sides.length, 3_072, outputs);
  for (let c = 0; c < outputs; c++) {
    const middle = reach + 2 * c;
    let sum = 0.5 * samples[middle]!;
    for (const [i, side] of sides.entries())
      sum += side * (samples[middle - 2 * i - 1]! + samples[middle + 2 * i + 1]!);
    expect(out[c]).toBeCloseTo(sum, 6);
  }
});

test('statistics of columns are those of plain loops, bit by bit', () => {
  const [rows, columns] = [31, 8];
  const matrix = noise(rows * columns).map((x) => 3 + x);
  const kernels = createKernels(8_192);
  kernels.floats(0, matrix.length).set(matrix);
  kernels.statistics(0, rows, columns, 4_096);
  const out = kernels.floats(4_096, 4 * columns);
  for (let b = 0; b < columns; b++) {
    let [sum, squares, change, max] = [0, 0, 0, 0];
    for (let i = 0; i < rows; i++) {
      const y = matrix[i * columns + b]!;
      sum += y;
      squares += y * y;
      change += Math.abs(y - matrix[Math.max(0, i - 1) * columns + b]!);
      max = Math.max(max, y);
    }
    const mean = sum / rows;
    const deviation = Math.sqrt(Math.max(0, squares / rows - mean * mean));
    const wanted = [mean, deviation, change / (rows - 1), max].map(Math.fround);
    expect([0, 1, 2, 3].map((s) => out[s * columns + b])).toEqual(wanted);
  }
});

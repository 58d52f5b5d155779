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

test('multiply, whatever the number', () => {
  const kernels = createKernels(4_096);
  const [a, b] = [noise(13), noise(13, 2)];
  kernels.floats(0, 13).set(a);
  kernels.floats(1_024, 13).set(b);
  kernels.multiply(0, 1_024, 2_048, 13);
  expect(kernels.floats(2_048, 13)).toEqual(a.map((x, i) => x * b[i]!));
});

test('logBands of powers from silence to beyond full scale', () => {
  const [bands, bins] = [8, 40];
  const kernels = createKernels(8_192);
  const power = kernels.floats(0, bins);
  const table = kernels.integers(1_024, 2 * bands);
  const weights = kernels.floats(2_048, 8 * bands);
  for (let k = 0; k < bins; k++) power[k] = k < 3 ? 0 : 10 ** (k / 3 - 9);
  for (let b = 0; b < bands; b++) {
    table[2 * b] = 4 * 4 * b;
    table[2 * b + 1] = 4 * 8;
    weights.set(noise(5, b + 1).map(Math.abs), 8 * b);
  }
  const scales = [
    { scale: 1e4, offset: 1, least: 1, factor: Math.LOG10E },
    { scale: 1, offset: 0, least: 1e-10, factor: 10 * Math.LOG10E },
  ];
  for (const { scale, offset, least, factor } of scales) {
    kernels.logBands(0, 1_024, 2_048, bands, 4_096, scale, offset, least, factor);
    const out = kernels.floats(4_096, bands);
    for (let b = 0; b < bands; b++) {
      let sum = 0;
      for (let j = 0; j < 8; j++) sum += weights[8 * b + j]! * power[4 * b + j]!;
      const wanted = factor * Math.log(Math.max(least, offset + scale * sum));
      expect(Math.abs(out[b]! - wanted)).toBeLessThan(4e-7 * Math.max(factor, Math.abs(wanted)));
    }
  }
});

test('chroma folds the roots of magnitudes', () => {
  const kernels = createKernels(4_096);
  const power = noise(8).map((x) => x * x);
  const weights = noise(8 * 12, 2);
  kernels.floats(0, 8).set(power);
  kernels.floats(512, 8 * 12).set(weights);
  kernels.chroma(0, 8, 512, 2_048, 3_072);
  const out = kernels.floats(3_072, 20);
  const roots = power.map((p) => p ** 0.25);
  for (let c = 0; c < 12; c++) {
    const wanted = roots.reduce((sum, root, i) => sum + root * weights[12 * i + c]!, 0);
    expect(out[c]).toBeCloseTo(wanted, 5);
  }
  const sum = (values: Float32Array) => values.reduce((a, b) => a + b);
  expect(sum(out.slice(12, 16))).toBeCloseTo(sum(power.map(Math.sqrt)), 5);
  expect(sum(out.slice(16))).toBeCloseTo(sum(roots), 5);
});

test('means8 of neighbors', () => {
  const kernels = createKernels(4_096);
  const values = noise(64);
  kernels.floats(0, 64).set(values);
  kernels.means8(0, 1_024, 8);
  for (const [i, mean] of kernels.floats(1_024, 8).entries()) {
    const wanted = values.slice(8 * i, 8 * i + 8).reduce((sum, x) => sum + x) / 8;
    expect(mean).toBeCloseTo(wanted, 6);
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

import { expect, test } from 'vitest';
import { assembleKernels } from '../../../scripts/build-kernels.mjs';
import { createKernels } from '../../../src/stream/kernels/kernels.ts';
import { KERNELS_WASM } from '../../../src/stream/kernels/kernels-wasm.ts';

/** Numbers that look random, between -1 and 1. */
const noise = (length: number, seed = 1) =>
  Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 12.9898 * seed) * Math.cos(i * 78.233));

test('the committed module is the assembled source', async () => {
  expect(await assembleKernels()).toBe(KERNELS_WASM);
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

test.each([
  { before: 0, times: 1, context: 19 },
  { before: 18, times: 1, context: 19 },
  { before: 18, times: 3, context: 19 },
  { before: 5, times: 4, context: 3 },
])('attend is softmax attention: $before kept and $times new times, context $context', (sizes) => {
  const { before, times, context } = sizes;
  const all = before + times;
  const kernels = createKernels(4 * (4 * times * 576 + 2 * all * 768 + 4 * all + 4 * times * 192));
  const at = [0, 4 * times * 576, all * 768, all * 768, 4 * all].map((size) => 4 * size);
  for (let i = 1; i < at.length; i++) at[i]! += at[i - 1]!;
  const qkv = kernels.floats(at[0]!, 4 * times * 576);
  const keys = kernels.floats(at[1]!, all * 768);
  const values = kernels.floats(at[2]!, all * 768);
  qkv.set(noise(qkv.length).map((x) => 2 * x));
  keys.set(noise(before * 768, 2));
  values.set(noise(before * 768, 3));
  kernels.attend(at[0]!, times, at[1]!, at[2]!, before, context, at[3]!, at[4]!);
  const out = kernels.floats(at[4]!, 4 * times * 192);
  for (let token = 0; token < 4 * times; token++) {
    const time = before + (token >> 2);
    for (let head = 0; head < 3; head++) {
      const place = (time * 3 + head) * 256 + (token % 4) * 64;
      const row = token * 576 + head * 64;
      expect(keys.slice(place, place + 64)).toEqual(qkv.slice(row + 192, row + 256));
      expect(values.slice(place, place + 64)).toEqual(qkv.slice(row + 384, row + 448));
      const wanted = new Float64Array(64);
      let sum = 0;
      for (let seen = Math.max(0, time - context + 1); seen <= time; seen++) {
        for (let key = 0; key < 4; key++) {
          const from = (seen * 3 + head) * 256 + key * 64;
          let score = 0;
          for (let i = 0; i < 64; i++) score += qkv[row + i]! * keys[from + i]!;
          const weight = Math.exp(score);
          sum += weight;
          for (let i = 0; i < 64; i++) wanted[i]! += weight * values[from + i]!;
        }
      }
      for (let i = 0; i < 64; i++)
        expect(Math.abs(out[token * 192 + head * 64 + i]! - wanted[i]! / sum)).toBeLessThan(5e-6);
    }
  }
});

test('gelu is u + u · erf(u)', () => {
  const kernels = createKernels(4_096);
  const values = kernels.floats(0, 1_024);
  const u = Float32Array.from(values, (_, i) => (i - 512) / 64);
  values.set(u);
  kernels.gelu(0, 1_024);
  for (const [i, x] of u.entries()) {
    const steps = 2_000; // erf(x) by Simpson's rule
    let integral = 0;
    for (let k = 0; k <= steps; k++)
      integral += (k === 0 || k === steps ? 1 : k % 2 ? 4 : 2) * Math.exp(-(((x * k) / steps) ** 2));
    const erf = (2 / Math.sqrt(Math.PI)) * (x / steps / 3) * integral;
    expect(Math.abs(values[i]! - (x + x * erf))).toBeLessThan(3e-7 * Math.max(1, Math.abs(x)));
  }
  values.fill(-1e4);
  kernels.gelu(0, 1_024);
  expect(Math.abs(values[5]!)).toBeLessThan(1e-30);
});

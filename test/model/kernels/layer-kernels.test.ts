import { expect, test } from 'vitest';
import { packLayer, placeLayer, sizeOfLayer } from '../../../src/model/kernels/dense-layer.ts';
import { createLayerKernels } from '../../../src/model/kernels/layer-kernels.ts';

/** Numbers that look random, between -1 and 1. */
const noise = (length: number, seed = 1) =>
  Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 12.9898 * seed) * Math.cos(i * 78.233));

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

test.each([
  { rows: 1, inputs: 5, outputs: 3, least: 0 },
  { rows: 4, inputs: 12, outputs: 40, least: -Infinity },
  { rows: 7, inputs: 33, outputs: 96, least: 0 },
])('a dense layer of $inputs inputs and $outputs outputs, $rows rows', ({ rows, inputs, outputs, least }) => {
  const kernel = { shape: [inputs, outputs], values: noise(inputs * outputs) };
  const bias = noise(outputs, 2);
  const layer = packLayer(kernel, bias);
  const { kernels, areas } = createLayerKernels({
    layer: sizeOfLayer(layer),
    x: rows * inputs,
    out: rows * layer.columns,
  });
  const dense = placeLayer(kernels, layer, areas.layer, least);
  areas.x.floats.set(noise(rows * inputs, 3));
  dense(areas.x.at, rows, areas.out.at);
  const together = areas.out.floats.slice();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < outputs; column++) {
      let sum = bias[column]!;
      for (let i = 0; i < inputs; i++) {
        sum += areas.x.floats[row * inputs + i]! * kernel.values[i * outputs + column]!;
      }
      expect(Math.abs(together[row * layer.columns + column]! - Math.max(least, sum))).toBeLessThan(1e-5);
    }
    dense(areas.x.at + 4 * row * inputs, 1, areas.out.at);
    const alone = areas.out.floats.slice(0, layer.columns);
    expect(alone).toEqual(together.slice(row * layer.columns, (row + 1) * layer.columns));
  }
});

/** Sums of gates, some so large that they saturate. */
const gatesOf = (length: number, seed: number) =>
  noise(length, seed).map((x, i) => (i % 11 === 0 ? 200 * x : 6 * x));

test('gated recurrent units', () => {
  const [rows, width] = [3, 8];
  const { kernels, areas } = createLayerKernels({
    input: rows * 3 * width,
    own: rows * 3 * width,
    h: rows * width,
  });
  const input = gatesOf(rows * 3 * width, 2);
  const own = gatesOf(rows * 3 * width, 3);
  const h = noise(rows * width, 5);
  areas.input.floats.set(input);
  areas.own.floats.set(own);
  areas.h.floats.set(h);
  kernels.gru(areas.input.at, areas.own.at, areas.h.at, rows, width);
  for (const [i, before] of h.entries()) {
    const at = Math.floor(i / width) * 3 * width + (i % width);
    const reset = sigmoid(input[at]! + own[at]!);
    const update = sigmoid(input[at + width]! + own[at + width]!);
    const candidate = Math.tanh(input[at + 2 * width]! + reset * own[at + 2 * width]!);
    const wanted = candidate + update * (before - candidate);
    expect(Math.abs(areas.h.floats[i]! - wanted)).toBeLessThan(1e-6);
  }
});

test('units of long short-term memory', () => {
  const [rows, width] = [3, 8];
  const { kernels, areas } = createLayerKernels({
    gates: rows * 4 * width,
    h: rows * width,
    c: rows * width,
  });
  const gates = gatesOf(rows * 4 * width, 2);
  const c = noise(rows * width, 5).map((x) => 3 * x);
  areas.gates.floats.set(gates);
  areas.c.floats.set(c);
  kernels.lstm(areas.gates.at, areas.h.at, areas.c.at, rows, width);
  for (const [i, before] of c.entries()) {
    const at = Math.floor(i / width) * 4 * width + (i % width);
    const [input, forget, cell, output] = [0, 1, 2, 3].map((gate) => gates[at + gate * width]!);
    const wanted = sigmoid(forget!) * before + sigmoid(input!) * Math.tanh(cell!);
    expect(Math.abs(areas.c.floats[i]! - wanted)).toBeLessThan(1e-6);
    expect(Math.abs(areas.h.floats[i]! - sigmoid(output!) * Math.tanh(wanted))).toBeLessThan(1e-6);
  }
});

test('sums of Gaussians', () => {
  const count = 12;
  const { kernels, areas } = createLayerKernels({ squares: count, weights: 2 * count, out: 2 });
  const squares = noise(count).map((x, i) => (i === 5 ? 1e4 : 9 * x));
  const weights = noise(2 * count, 2);
  areas.squares.floats.set(squares);
  areas.weights.floats.set(weights);
  kernels.gaussian(areas.squares.at, count, 0.5, areas.weights.at, areas.out.at);
  for (const set of [0, 1]) {
    let wanted = 0;
    for (const [i, square] of squares.entries()) {
      wanted += weights[set * count + i]! * Math.exp(-Math.max(0, square + 0.5));
    }
    expect(Math.abs(areas.out.floats[set]! - wanted)).toBeLessThan(1e-6);
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
  const { kernels, areas } = createLayerKernels({
    qkv: 4 * times * 576,
    keys: all * 768,
    values: all * 768,
    scores: 4 * all,
    out: 4 * times * 192,
  });
  const { floats: qkv } = areas.qkv;
  const { floats: keys } = areas.keys;
  const { floats: values } = areas.values;
  const { floats: out } = areas.out;
  qkv.set(noise(qkv.length).map((x) => 2 * x));
  keys.set(noise(before * 768, 2));
  values.set(noise(before * 768, 3));
  kernels.attend(
    areas.qkv.at,
    times,
    areas.keys.at,
    areas.values.at,
    before,
    context,
    areas.scores.at,
    areas.out.at,
  );
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
  const { kernels, areas } = createLayerKernels({ values: 1_024 });
  const { floats: values } = areas.values;
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

/*
 * What does the audio transformer of the default model cost, with the engine's operations and with undertone's kernels?
 *
 *   npm run bench ced-step -- [--batch 1 --batch 10]
 *
 * The first table is CPU time per stream and time of 160 ms, for one and for three times at once (a step has three). The
 * second is the fastest of 300 runs of each operation of a block on `wasm`, in µs; there are 12 blocks.
 */
import { parseArgs } from 'node:util';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { loadEngine } from '../src/model/engine.ts';
import { createEncoder } from '../src/model/kinds/undertone/front-ends/ced/encoder.ts';
import { kernelAttention, kernelGelu } from '../src/model/kinds/undertone/front-ends/ced/kernel-attention.ts';
import { createPatchCutter } from '../src/model/kinds/undertone/front-ends/ced/patches.ts';
import { WINDOW_PATCHES } from '../src/model/kinds/undertone/front-ends/ced/sizes.ts';
import { createStreaming } from '../src/model/kinds/undertone/front-ends/ced/streaming.ts';
import { readCedWeights } from '../src/model/kinds/undertone/front-ends/ced/weights.ts';
import { FINE_BANDS, FINE_FRAMES } from '../src/stream/fine-mel.ts';
import { machine } from './load/machine.ts';

const WARM_UP = 20;
const TIMED = 300;

const { values } = parseArgs({
  options: { batch: { type: 'string', multiple: true, default: ['1', '10'] } },
});
console.log(machine());
const { tf } = await loadEngine('wasm');
const weights = await readCedWeights(new URL('../models/ced-streaming', import.meta.url).pathname);
const cutter = createPatchCutter(weights);
const batches = values.batch.map(Number);

const rows = [];
for (const kernels of [false, true]) {
  const encoder = createEncoder(tf, weights, kernels ? kernelGelu(tf) : undefined);
  const attention = kernels ? kernelAttention(tf, WINDOW_PATCHES) : undefined;
  const streaming = createStreaming(tf, encoder, cutter, WINDOW_PATCHES, attention);
  for (const batch of batches)
    for (const times of [1, 3])
      rows.push({ kernels, batch, times, 'CPU ms': cpuOf(streaming, batch, times).toFixed(2) });
  encoder.dispose();
}
console.table(rows);
console.table(batches.map(operations));
process.exit(0);

function cpuOf(streaming: ReturnType<typeof createStreaming>, batch: number, times: number): number {
  const mel = Float32Array.from({ length: FINE_FRAMES * FINE_BANDS }, (_, i) => ((i * 0.618) % 60) - 60);
  let states = Array.from({ length: batch }, () => streaming.initialState());
  const rounds = Math.ceil(60 / batch);
  let before = process.cpuUsage();
  for (let i = -WARM_UP; i < rounds; i++) {
    if (i === 0) before = process.cpuUsage();
    const window = { mel, frames: 16 * times * (i + WARM_UP + 1), newFrames: 16 * times };
    ({ states } = streaming.step(states.map((state) => ({ window, state }))));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / rounds / batch / times;
}

/** Three times of each stream, after 18 that are kept. */
function operations(streams: number): Record<string, number> {
  const tokens = 12;
  const [heads, keys] = [3 * streams, 72 + tokens];
  const queries = tf.randomNormal([heads, tokens, 64]);
  const kept = tf.randomNormal([heads, keys, 64]);
  const scores = tf.randomNormal([heads, tokens, keys]);
  const matrix = (rows: number, columns: number) => tf.randomNormal([rows, columns]) as Tensor2D;
  const x = matrix(streams * tokens, 192);
  const u = matrix(streams * tokens, 768);
  const qkv = tf.randomNormal([streams, tokens, 3, 3, 64]);
  const layers = {
    qkv: matrix(192, 576),
    proj: matrix(192, 192),
    fc1: matrix(192, 768),
    fc2: matrix(768, 192),
  };
  return {
    streams,
    dense:
      fastest(() => tf.matMul(x, layers.qkv)) +
      fastest(() => tf.matMul(x, layers.proj)) +
      fastest(() => tf.matMul(x, layers.fc1)) +
      fastest(() => tf.matMul(u, layers.fc2)),
    'scores and mix':
      fastest(() => tf.matMul(queries, kept, false, true)) + fastest(() => tf.matMul(scores, kept)),
    transposition: fastest(() => tf.transpose(qkv, [2, 0, 3, 1, 4])),
    erf: fastest(() => tf.erf(u)),
    softmax: fastest(() => tf.softmax(scores)),
  };
}

function fastest(run: () => unknown): number {
  let ms = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TIMED; i++) {
    const began = performance.now();
    tf.tidy(() => void run());
    ms = Math.min(ms, performance.now() - began);
  }
  return Math.round(1000 * ms);
}

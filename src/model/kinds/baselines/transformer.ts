import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { CLIP_BANDS, CLIP_FRAMES } from '../../../stream/clip-mel.ts';
import type { Tf } from '../../engine.ts';
import { headerSize } from '../../weights.ts';
import {
  type Architecture,
  type BaselineMemory,
  type BaselineNetwork,
  type BaselineTensors,
  CLIP_LENGTH,
  type Dropout,
  NO_DROPOUT,
  type Shapes,
  WHOLE_CLIP,
} from './architecture.ts';
import { createLayers, headShapes } from './layers.ts';

const parameters = z
  .strictObject({
    architecture: z.literal('transformer'),
    width: headerSize,
    layers: headerSize,
    heads: headerSize,
    /** Width between the two dense layers of a block. */
    inner: headerSize,
    /** Number of steps that it attends to: 32 are 16 s. */
    past: headerSize,
  })
  .refine(({ width, heads }) => width % heads === 0, 'the width is not a multiple of the heads');

type TransformerConfig = z.infer<typeof parameters>;

/** Logit of positions that are masked. */
const MASKED = -1e9;
const EPSILON = 1e-5;

/**
 * System B′: flattened clips → embeddings with learned positions → encoder blocks as in BERT (attention and two dense
 * layers, each with a residual connection and layer normalization), with a causal mask → dense.
 *
 * In live tracking, the memory is the embeddings of the last `past` steps, and the blocks are computed over all of them
 * at each step. When the memory is full, the oldest embedding is dropped and the others move by one position.
 */
function createTransformer(tf: Tf, weights: BaselineTensors, config: TransformerConfig): BaselineNetwork {
  const { width, layers, heads, past } = config;
  const { get, standardize, meanSquare, dense, forModules, emotion } = createLayers(tf, weights);

  function layerNorm(x: Tensor2D, name: string): Tensor2D {
    const centered = tf.sub(x, tf.mean(x, 1, true));
    const spread = tf.sqrt(tf.add(tf.mean(tf.square(centered), 1, true), EPSILON));
    return tf.add(tf.mul(tf.div(centered, spread), tf.add(1, get(`${name}/gain-bias`))), get(`${name}/bias`));
  }

  /** Gaussian error linear unit, in its form with tanh. */
  function gelu(x: Tensor2D): Tensor2D {
    const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x)))));
    return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
  }

  /** [rows, width · n] of [streams, steps] → n × [streams · heads, steps, width / heads] */
  function perHead(x: Tensor2D, streams: number, steps: number): Tensor3D[] {
    const n = x.shape[1] / width;
    const split = tf.transpose(
      tf.reshape(x, [streams, steps, n * heads, width / heads]) as Tensor4D,
      [2, 0, 1, 3],
    );
    return tf
      .split<Tensor>(split, n, 0)
      .map((part): Tensor3D => tf.reshape(part, [heads * streams, steps, width / heads]));
  }

  /** [streams · steps, width] stream-major → the same. */
  function attend(x: Tensor2D, name: string, streams: number, mask: Tensor2D): Tensor2D {
    const steps = x.shape[0] / streams;
    const [queries, keys, values] = perHead(dense(x, `${name}/attention-in`), streams, steps) as [
      Tensor3D,
      Tensor3D,
      Tensor3D,
    ];
    const scores = tf.matMul(queries, tf.transpose(keys, [0, 2, 1]));
    const attention = tf.softmax(tf.add(tf.mul(scores, 1 / Math.sqrt(width / heads)), mask)) as Tensor3D;
    const context = tf.reshape(tf.matMul(attention, values), [heads, streams, steps, width / heads]);
    const joined = tf.reshape(tf.transpose(context, [1, 2, 0, 3]), [streams * steps, width]);
    return dense(joined as Tensor2D, `${name}/attention-out`);
  }

  /** [streams, steps, width] embeddings → [streams · steps, width], stream-major */
  function encode(embedded: Tensor3D, dropout: Dropout): Tensor2D {
    const [streams, steps] = embedded.shape;
    const positions = tf.slice2d(get<Tensor2D>('position/bias'), [0, 0], [steps, width]);
    const input: Tensor2D = tf.reshape(tf.add(embedded, positions), [streams * steps, width]);
    let x = dropout(layerNorm(input, 'embed-norm'));
    const mask = futureMask(steps);
    for (let i = 1; i <= layers; i++) {
      const name = `block-${i}`;
      x = layerNorm(tf.add(x, dropout(attend(x, name, streams, mask))), `${name}/norm-1`);
      const inner = gelu(dense(x, `${name}/inner`));
      x = layerNorm(tf.add(x, dropout(dense(inner, `${name}/outer`))), `${name}/norm-2`);
    }
    return x;
  }

  /** [steps, steps] `MASKED` if the step of the column is later than that of the row, else 0. */
  function futureMask(steps: number): Tensor2D {
    const mask = new Float32Array(steps * steps);
    for (let row = 0; row < steps; row++) mask.fill(MASKED, row * steps + row + 1, (row + 1) * steps);
    return tf.tensor2d(mask, [steps, steps]);
  }

  function embed(x: Tensor2D): { embedded: Tensor2D; novelty: Tensor2D } {
    const z: Tensor = standardize(tf.reshape(x, [x.shape[0], CLIP_FRAMES, CLIP_BANDS]));
    const flat: Tensor2D = tf.reshape(z, [x.shape[0], CLIP_LENGTH]);
    return { embedded: dense(flat, 'embed'), novelty: meanSquare(flat) };
  }

  function unroll(x: Tensor2D, streams: number, _?: BaselineMemory, dropout: Dropout = NO_DROPOUT) {
    const steps = x.shape[0] / streams;
    if (steps > past) throw new RangeError(`at most ${past} steps can be unrolled, not ${steps}`);
    const { embedded, novelty } = embed(x);
    const byStream: Tensor3D = tf.transpose(tf.reshape(embedded, [steps, streams, width]), [1, 0, 2]);
    const encoded = tf.reshape(encode(byStream, dropout), [streams, steps, width]);
    const byTime: Tensor2D = tf.reshape(tf.transpose(encoded, [1, 0, 2]), [steps * streams, width]);
    return { outputs: { emotion: emotion(forModules(byTime, 1)), novelty }, memory: {} };
  }

  function step(x: Tensor2D, memory: BaselineMemory) {
    const streams = x.shape[0];
    const { embedded, novelty } = embed(x);
    const before: Tensor3D = tf.reshape(memory.past!, [streams, past, width]);
    const count: Tensor2D = memory.count!; // steps so far, at most `past`
    const full = tf.reshape(tf.relu(tf.sub(count, past - 1)), [streams, 1, 1]);
    const moved = tf.concat(
      [tf.slice3d(before, [0, 1, 0], [-1, past - 1, -1]), tf.zeros([streams, 1, width])],
      1,
    );
    const shifted = tf.add(tf.mul(before, tf.sub(1, full)), tf.mul(moved, full));
    const index = tf.cast(tf.reshape(tf.minimum(count, past - 1), [streams]), 'int32') as Tensor1D;
    const newest: Tensor3D = tf.reshape(tf.cast(tf.oneHot(index, past), 'float32'), [streams, past, 1]);
    const now: Tensor3D = tf.add(shifted, tf.mul(newest, tf.reshape(embedded, [streams, 1, width])));
    const encoded = tf.reshape(encode(now, NO_DROPOUT), [streams, past, width]);
    const last: Tensor2D = tf.sum(tf.mul(encoded, newest), 1);
    return {
      outputs: { emotion: emotion(forModules(last, 1)), novelty },
      memory: {
        past: tf.reshape(now, [streams, past * width]) as Tensor2D,
        count: tf.minimum(tf.add(count, 1), past) as Tensor2D,
      },
    };
  }

  return { unroll, step };
}

/** A BERT-like encoder over the sequence of clips, each of which attends to itself and those before it: system B′. */
export const transformer = {
  parameters,
  rows: WHOLE_CLIP,
  weightShapes,
  memoryLengths: ({ past, width }) => ({ past: past * width, count: 1 }),
  maxSteps: ({ past }) => past,
  build: createTransformer,
} satisfies Architecture<TransformerConfig>;

function weightShapes({ width, layers, inner, past }: TransformerConfig): Shapes {
  const dense = (name: string, inputs: number, outputs: number): Shapes => ({
    [`${name}/kernel`]: [inputs, outputs],
    [`${name}/bias`]: [outputs],
  });
  const norm = (name: string): Shapes => ({ [`${name}/gain-bias`]: [width], [`${name}/bias`]: [width] });
  const block = (i: number): Shapes => ({
    ...dense(`block-${i}/attention-in`, width, 3 * width), // queries, keys, values
    ...dense(`block-${i}/attention-out`, width, width),
    ...norm(`block-${i}/norm-1`),
    ...dense(`block-${i}/inner`, width, inner),
    ...dense(`block-${i}/outer`, inner, width),
    ...norm(`block-${i}/norm-2`),
  });
  const blocks = Array.from({ length: layers }, (_, i) => block(i + 1));
  return {
    'input/mean': [CLIP_BANDS],
    'input/scale': [CLIP_BANDS],
    ...dense('embed', CLIP_LENGTH, width),
    'position/bias': [past, width],
    ...norm('embed-norm'),
    ...Object.assign({}, ...blocks),
    ...headShapes(1, width, false),
  };
}

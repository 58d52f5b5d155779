import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { FINE_FRAMES } from '../../../../../stream/fine-mel.ts';
import type { FineMelWindow, ModelState } from '../../../../../types.ts';
import type { Tf } from '../../../../engine.ts';
import { fetchTidy } from '../../../../tensors.ts';
import { attend, type Encoder, type Heads } from './encoder.ts';
import { attentionMask } from './mask.ts';
import { PATCH_SIZE, type PatchCutter } from './patches.ts';
import { groupBy, poolTimes } from './pool.ts';
import {
  BLOCKS,
  CED_FEATURES,
  HEAD_WIDTH,
  HEADS,
  PATCH_FRAMES,
  ROWS,
  WIDTH,
  WINDOW_PATCHES,
} from './sizes.ts';

/** One stream's state. */
export interface StreamingState extends ModelState {
  /**
   * [BLOCKS, 2, HEADS, kept times · ROWS, HEAD_WIDTH] keys and values of the kept times, oldest first; 0 before the
   * stream began.
   */
  readonly cedKept: Float32Array;
  /** [times, WIDTH] mean tokens of each of the newest times, oldest first. */
  readonly cedMeans: Float32Array;
}

/** One stream's input to a step. */
export interface StreamingInput {
  readonly window: FineMelWindow;
  readonly state: StreamingState;
}

/**
 * The streaming form: a token sees those of its own time (160 ms) and of the `context` − 1 times before it, whose keys
 * and values are kept, so that a step computes its new tokens only. All times have the same position, so hours go on
 * alike. It is trained to imitate the windowed form (lab/distill/encoder); with the published weights it is less accurate.
 */
export interface StreamingCed {
  initialState(): StreamingState;
  /** The state of a stream; undefined if it is from another model. */
  stateOf(state: ModelState): StreamingState | undefined;
  /** Features [streams, CED_FEATURES] and the states after the step. */
  step(inputs: readonly StreamingInput[]): { features: Float32Array; states: StreamingState[] };
  /** The same tokens for a whole sequence at once, by a mask: [frames / PATCH_FRAMES · ROWS, WIDTH]. */
  whole(mel: Float32Array, times: number): Float32Array;
}

/** @param context times that a token sees, its own included: 19 are 3 s */
export function createStreaming(
  tf: Tf,
  encoder: Encoder,
  cutter: PatchCutter,
  context: number = WINDOW_PATCHES,
): StreamingCed {
  const kept = context - 1;
  /** Numbers of the kept keys of one head. */
  const headSize = kept * ROWS * HEAD_WIDTH;
  const stateSize = BLOCKS * 2 * HEADS * headSize;
  const keptMeans = WIDTH * Math.max(kept, WINDOW_PATCHES);

  function encode(
    patches: Float32Array,
    streams: number,
    times: number,
    attention: (heads: Heads, block: number) => Tensor3D,
  ): Tensor2D {
    const cut: Tensor2D = tf.tensor2d(patches, [streams * times * ROWS, PATCH_SIZE]);
    return encoder.encode(encoder.embed(cut, encoder.timeless(times, WINDOW_PATCHES)), streams, attention);
  }

  /** [1, times · ROWS, (before + times) · ROWS] */
  function maskOf(before: number, times: number, valid: number): Tensor3D {
    const mask = attentionMask({ before, times, valid, context });
    return tf.tensor3d(mask, [1, times * ROWS, (before + times) * ROWS]);
  }

  /** Uploads the kept keys (0) or values (1) of a block: [streams · HEADS, kept · ROWS, HEAD_WIDTH]. */
  function uploadKept(states: readonly StreamingState[], block: number, part: 0 | 1): Tensor3D {
    const size = HEADS * headSize;
    const from = (2 * block + part) * size;
    const all = new Float32Array(states.length * size);
    for (const [i, { cedKept }] of states.entries()) all.set(cedKept.subarray(from, from + size), i * size);
    return tf.tensor3d(all, [states.length * HEADS, kept * ROWS, HEAD_WIDTH]);
  }

  /** Computes the new tokens of streams that have as many of them and of kept times. */
  function encodeNew(inputs: readonly StreamingInput[], times: number, valid: number) {
    const streams = inputs.length;
    const states = inputs.map(({ state }) => state);
    const patches = new Float32Array(streams * times * ROWS * PATCH_SIZE);
    for (const [i, { window }] of inputs.entries()) {
      const first = FINE_FRAMES - (window.frames % PATCH_FRAMES) - times * PATCH_FRAMES;
      cutter.write(window.mel, first, times, patches, i * times * ROWS);
    }
    const [means, fresh] = fetchTidy(tf, () => {
      const mask = maskOf(kept, times, valid);
      const added: Tensor[] = [];
      const tokens = encode(patches, streams, times, ({ queries, keys, values }, block) => {
        added.push(keys, values);
        const all = {
          queries,
          keys: tf.concat3d([uploadKept(states, block, 0), keys], 1),
          values: tf.concat3d([uploadKept(states, block, 1), values], 1),
        };
        return attend(tf, all, mask);
      });
      return [tf.mean(tf.reshape(tokens, [streams * times, ROWS, WIDTH]), 1), tf.stack(added)];
    });
    return { means: means!, fresh: fresh! };
  }

  /**
   * The kept keys and values after a step.
   *
   * @param fresh [BLOCKS · 2, streams, HEADS, times · ROWS, HEAD_WIDTH]
   */
  function shifted(
    before: Float32Array,
    fresh: Float32Array,
    stream: number,
    streams: number,
    times: number,
  ) {
    const size = times * ROWS * HEAD_WIDTH;
    const stays = Math.max(0, headSize - size);
    const after = new Float32Array(stateSize);
    for (let part = 0; part < 2 * BLOCKS; part++) {
      for (let head = 0; head < HEADS; head++) {
        const to = (part * HEADS + head) * headSize;
        after.set(before.subarray(to + headSize - stays, to + headSize), to);
        const end = ((part * streams + stream) * HEADS + head + 1) * size;
        after.set(fresh.subarray(end - Math.min(size, headSize), end), to + stays);
      }
    }
    return after;
  }

  return {
    initialState: () => ({ cedKept: new Float32Array(stateSize), cedMeans: new Float32Array(0) }),
    stateOf: ({ cedKept, cedMeans }) =>
      cedMeans && cedKept?.length === stateSize && cedMeans.length % WIDTH === 0
        ? { cedKept, cedMeans }
        : undefined,

    step(inputs) {
      const features = new Float32Array(inputs.length * CED_FEATURES);
      const states = inputs.map(({ state }) => state);
      const timesOf = ({ window: { frames, newFrames } }: StreamingInput) =>
        Math.floor(frames / PATCH_FRAMES) - Math.floor((frames - newFrames) / PATCH_FRAMES);
      const validOf = ({ state }: StreamingInput) => Math.min(kept, state.cedMeans.length / WIDTH);
      // Groups differ only by how patches fall into steps, and in a stream's first seconds.
      const keyOf = (input: StreamingInput) => timesOf(input) * context + validOf(input);
      for (const [key, group] of groupBy(inputs, keyOf)) {
        const [times, valid] = [Math.floor(key / context), key % context];
        if (times === 0) continue;
        const own = group.map((i) => inputs[i]!);
        const { means, fresh } = encodeNew(own, times, valid);
        for (const [k, i] of group.entries()) {
          const { cedKept, cedMeans } = inputs[i]!.state;
          states[i] = {
            cedKept: shifted(cedKept, fresh, k, group.length, times),
            cedMeans: newestOf(
              cedMeans,
              means.subarray(k * times * WIDTH, (k + 1) * times * WIDTH),
              keptMeans,
            ),
          };
        }
      }
      for (const [i, { cedMeans }] of states.entries()) {
        poolTimes(cedMeans.subarray(-WINDOW_PATCHES * WIDTH), features, i * CED_FEATURES);
      }
      return { features, states };
    },

    whole(mel, times) {
      const patches = new Float32Array(times * ROWS * PATCH_SIZE);
      cutter.write(mel, 0, times, patches, 0);
      const [tokens] = fetchTidy(tf, () => {
        const mask = maskOf(0, times, 0);
        return [encode(patches, 1, times, (heads) => attend(tf, heads, mask))];
      });
      return tokens!;
    },
  };
}

/** The last `most` numbers of both. */
function newestOf(before: Float32Array, fresh: Float32Array, most: number): Float32Array {
  const all = new Float32Array(before.length + fresh.length);
  all.set(before);
  all.set(fresh, before.length);
  return all.slice(-most);
}

import type { Tensor2D } from '@tensorflow/tfjs-core';
import { FINE_FRAMES } from '../../../../../stream/fine-mel.ts';
import type { FineMelWindow, ModelState } from '../../../../../types.ts';
import type { Tf } from '../../../../engine.ts';
import { fetchTidy } from '../../../../tensors.ts';
import { engineAttention, type StreamAttention } from './attention.ts';
import { attend, type Encoder, headwise, type Mix } from './encoder.ts';
import { NOTHING_KEPT, type StreamingState, streamingStateOf } from './kept.ts';
import { attentionMask } from './mask.ts';
import { PATCH_SIZE, type PatchCutter } from './patches.ts';
import { groupBy, poolTimes } from './pool.ts';
import {
  MEANS_WIDTH,
  PATCH_FRAMES,
  READ_BLOCKS,
  ROWS,
  STREAMING_FEATURES,
  WIDTH,
  WINDOW_PATCHES,
} from './sizes.ts';

/** One stream's input to a step. */
export interface StreamingInput {
  readonly window: FineMelWindow;
  /** The state after the step before. */
  readonly state: StreamingState;
  /** What is computed of this step already. */
  readonly begun?: BegunStep | undefined;
}

/** A step of which the first times are computed. */
export interface BegunStep {
  /** Number of times of the stream before the step, and up to here. */
  readonly first: number;
  readonly done: number;
  /** The state up to here. */
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
  /** Features [streams, STREAMING_FEATURES] and the states after the step. */
  step(inputs: readonly StreamingInput[]): { features: Float32Array; states: StreamingState[] };
  /** The same for successive steps of one stream, and the state after each. */
  run(
    windows: readonly FineMelWindow[],
    state: StreamingState,
  ): { features: Float32Array; states: StreamingState[] };
  /** Whether the window has times that are not computed. */
  hasNew(input: StreamingInput): boolean;
  /** Computes the times that are complete in the middle of a step, so that the step computes the rest only. */
  begin(inputs: readonly StreamingInput[]): BegunStep[];
  /** The mean tokens of each time for a whole sequence at once, by a mask: [times, MEANS_WIDTH]. */
  whole(mel: Float32Array, times: number): Float32Array;
}

/**
 * @param context times that a token sees, its own included: 19 are 3 s
 * @param attentionOf of the same context; default: by the engine
 */
export function createStreaming(
  tf: Tf,
  encoder: Encoder,
  cutter: PatchCutter,
  context: number = WINDOW_PATCHES,
  attentionOf: StreamAttention = engineAttention(tf, context),
): StreamingCed {
  const kept = context - 1;
  const keptMeans = MEANS_WIDTH * Math.max(kept, WINDOW_PATCHES);

  /** [streams, times, ROWS, PATCH_SIZE] → mean tokens [streams · times, MEANS_WIDTH]. */
  function encode(patches: Float32Array, streams: number, times: number, mix: Mix): Tensor2D {
    const cut: Tensor2D = tf.tensor2d(patches, [streams * times * ROWS, PATCH_SIZE]);
    const embedded = encoder.embed(cut, encoder.timeless(times, WINDOW_PATCHES));
    const means = encoder
      .encodeTo(embedded, mix, READ_BLOCKS)
      .map((tokens): Tensor2D => tf.mean(tf.reshape(tokens, [streams * times, ROWS, WIDTH]), 1));
    return tf.concat2d(means, 1);
  }

  /** Writes the newest `times` times of a window to `patches`, as its times from `at` on. */
  function cutNewest({ mel, frames }: FineMelWindow, times: number, patches: Float32Array, at: number): void {
    const first = FINE_FRAMES - (frames % PATCH_FRAMES) - times * PATCH_FRAMES;
    cutter.write(mel, first, times, patches, at * ROWS);
  }

  /**
   * Computes the `times` times that follow the states, which all keep as many.
   *
   * @param patches [streams, times, ROWS, PATCH_SIZE]
   */
  function encodeNew(patches: Float32Array, states: readonly StreamingState[], times: number) {
    const streams = states.length;
    let added: Float32Array[][] = [];
    const [means] = fetchTidy(tf, () => {
      const attention = attentionOf(states, times);
      const means = encode(patches, streams, times, attention.mix);
      added = attention.added();
      return [means];
    });
    return { means: means!, added };
  }

  /** How far each input's step is computed. */
  function begunOf({ window: { frames, newFrames }, state, begun }: StreamingInput): BegunStep {
    const first = Math.floor((frames - newFrames) / PATCH_FRAMES);
    // Another format of the audio begins the step anew.
    return begun?.first === first ? begun : { first, done: first, state };
  }

  /** The state after times with these means [times, MEANS_WIDTH], and these keys and values. */
  function after(
    { cedKept, cedMeans }: StreamingState,
    means: Float32Array,
    added: readonly Float32Array[],
  ): StreamingState {
    const all = [...cedKept, ...added];
    return {
      cedKept: all.slice(Math.max(0, all.length - kept)),
      cedMeans: newestOf(cedMeans, means, keptMeans),
    };
  }

  function begin(inputs: readonly StreamingInput[]): BegunStep[] {
    const steps = inputs.map(begunOf);
    const newOf = (i: number) => timesOf(inputs[i]!.window) - steps[i]!.done;
    // Groups differ only by how patches fall into steps, and in a stream's first seconds.
    const keyOf = (_: StreamingInput, i: number) => newOf(i) * context + steps[i]!.state.cedKept.length;
    for (const [key, group] of groupBy(inputs, keyOf)) {
      const times = Math.floor(key / context);
      if (times === 0) continue;
      const patches = new Float32Array(group.length * times * TIME_PATCHES);
      for (const [k, i] of group.entries()) cutNewest(inputs[i]!.window, times, patches, k * times);
      const states = group.map((i) => steps[i]!.state);
      const { means, added } = encodeNew(patches, states, times);
      for (const [k, i] of group.entries()) {
        const { first, done, state } = steps[i]!;
        const addedMeans = means.subarray(k * times * MEANS_WIDTH, (k + 1) * times * MEANS_WIDTH);
        steps[i] = { first, done: done + times, state: after(state, addedMeans, added[k]!) };
      }
    }
    return steps;
  }

  return {
    initialState: () => NOTHING_KEPT,
    stateOf: (state) => streamingStateOf(state, kept),
    hasNew: (input) => timesOf(input.window) > begunOf(input).done,
    begin,

    step(inputs) {
      const features = new Float32Array(inputs.length * STREAMING_FEATURES);
      const states = begin(inputs).map(({ state }) => state);
      for (const [i, { cedMeans }] of states.entries()) {
        poolWindow(cedMeans, features, i);
      }
      return { features, states };
    },

    run(windows, state) {
      const features = new Float32Array(windows.length * STREAMING_FEATURES);
      const states: StreamingState[] = [];
      let now = state;
      for (const group of groupsOf(windows)) {
        const times = sum(group.map(newTimes));
        const patches = new Float32Array(times * TIME_PATCHES);
        let at = 0;
        for (const window of group) {
          cutNewest(window, newTimes(window), patches, at);
          at += newTimes(window);
        }
        const computed = times > 0 ? encodeNew(patches, [now], times) : NOTHING_ADDED;
        at = 0;
        for (const window of group) {
          const end = at + newTimes(window);
          now = after(
            now,
            computed.means.subarray(at * MEANS_WIDTH, end * MEANS_WIDTH),
            computed.added[0]!.slice(at, end),
          );
          poolWindow(now.cedMeans, features, states.length);
          states.push(now);
          at = end;
        }
      }
      return { features, states };
    },

    whole(mel, times) {
      const patches = new Float32Array(times * ROWS * PATCH_SIZE);
      cutter.write(mel, 0, times, patches, 0);
      const [means] = fetchTidy(tf, () => {
        const mask = attentionMask({ before: 0, times, context });
        const hidden = tf.tensor3d(mask, [1, times * ROWS, times * ROWS]);
        return [
          encode(
            patches,
            1,
            times,
            headwise(tf, 1, (heads) => attend(tf, heads, hidden)),
          ),
        ];
      });
      return means!;
    },
  };
}

/** Writes the features of the window that ends with the newest of the means, as row `row` of `features`. */
function poolWindow(means: Float32Array, features: Float32Array, row: number): void {
  poolTimes(means.subarray(-WINDOW_PATCHES * MEANS_WIDTH), MEANS_WIDTH, features, row * STREAMING_FEATURES);
}

const timesOf = ({ frames }: Pick<FineMelWindow, 'frames'>) => Math.floor(frames / PATCH_FRAMES);

/** Number of times that a step completes. */
const newTimes = ({ frames, newFrames }: FineMelWindow) =>
  timesOf({ frames }) - timesOf({ frames: frames - newFrames });

const NOTHING_ADDED = { means: new Float32Array(0), added: [[]] };

/** Successive steps that are computed at once: those that complete at most WINDOW_PATCHES times. More are no faster. */
function groupsOf(windows: readonly FineMelWindow[]): FineMelWindow[][] {
  const groups: FineMelWindow[][] = [];
  let times = Number.POSITIVE_INFINITY;
  for (const window of windows) {
    times += newTimes(window);
    if (times > WINDOW_PATCHES) {
      groups.push([]);
      times = newTimes(window);
    }
    groups.at(-1)!.push(window);
  }
  return groups;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Numbers of the patches of one time. */
const TIME_PATCHES: number = ROWS * PATCH_SIZE;

/** The last `most` numbers of both. */
function newestOf(before: Float32Array, fresh: Float32Array, most: number): Float32Array {
  const all = new Float32Array(before.length + fresh.length);
  all.set(before);
  all.set(fresh, before.length);
  return all.slice(-most);
}

import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { MEL_BANDS } from '../../../../../stream/mel.ts';
import { WINDOW_FRAMES } from '../../../../../stream/mel-ring.ts';
import type { ModelState, StepWindow } from '../../../../../types.ts';
import type { Tf } from '../../../../engine.ts';
import { framesReceived } from '../../../../summary.ts';
import { fetchTidy } from '../../../../tensors.ts';
import { Scratch } from './filters.ts';
import type { MusicnnLayers } from './layers.ts';
import { joinFeatures } from './patch.ts';
import {
  FRAME_CHANNELS,
  FRONT_CHANNELS,
  framesAfter,
  framesBefore,
  KERNEL_PAD,
  MIDDLE_LAYERS,
  TEMPORAL_CHANNELS,
  TEMPORAL_TAPS,
  TIMBRAL_CHANNELS,
} from './sizes.ts';

/*
 * The tagger on a stream. Row numbers are those in the window of the step: 0 is the oldest of 187, 186 the newest. A
 * layer's output is settled once the stream has received the later frames that it depends on (3 for the timbral filters,
 * 16 to 64 for the temporal ones, 9 more for the middle layers). Until then it is computed with zeros for the missing
 * frames, as at the end of a patch, and computed again in the next step. Settled outputs are kept in the state. Where a
 * patch has zero padding before its start, a stream has its real past. Rows from before the stream began are zeros at
 * every layer, as around a patch, and are not part of the mean and the maximum, so that silence does not dilute the
 * first half second of music.
 */

/** The numbers of new frames that a step can have. */
const MIN_NEW = 30;
const MAX_NEW = 32;

/** The first row that up to `MAX_NEW` new frames can change, for outputs that depend on the next `after` frames. */
const firstChanged = (after: number): number => WINDOW_FRAMES - MAX_NEW - after;

const MIDDLE_PAD = MIDDLE_LAYERS * KERNEL_PAD;
/** The first row whose 753 features can change: 82. */
const FIRST_FRAME = firstChanged(framesAfter(TEMPORAL_TAPS[0]) + MIDDLE_PAD);
/** The first row of the front end that these features depend on: 73. */
const FIRST_FRONT = FIRST_FRAME - MIDDLE_PAD;
const FRAME_ROWS = WINDOW_FRAMES - FIRST_FRAME;

/** Rows of the front end that the next step needs, for any number of new frames: 103 to 183. */
const KEPT_FRONT = {
  first: FIRST_FRONT + MIN_NEW,
  rows: firstChanged(KERNEL_PAD) - FIRST_FRONT + MAX_NEW - MIN_NEW,
};
/** Rows of all features that the next step pools: 30 to 113. */
const KEPT_FRAMES = { first: MIN_NEW, rows: FIRST_FRAME + MAX_NEW - MIN_NEW };

/** Less than any output of a layer. */
const FAR_BELOW = -1e9;

/** The whole state of a stream, 436 kB. */
export interface MusicnnState extends ModelState {
  /** [81, 561] settled outputs of the front end. */
  readonly musicnnFront: Float32Array;
  /** [84, 753] settled features of the older frames of the window. */
  readonly musicnnFrames: Float32Array;
}

/** Whether the arrays have the sizes of a state. */
export function hasSizes({ musicnnFront, musicnnFrames }: MusicnnState): boolean {
  return (
    musicnnFront.length === KEPT_FRONT.rows * FRONT_CHANNELS &&
    musicnnFrames.length === KEPT_FRAMES.rows * FRAME_CHANNELS
  );
}

export interface MusicnnStep {
  readonly window: Pick<StepWindow, 'mel' | 'newFrames' | 'step'>;
  readonly state: MusicnnState;
}

export interface Streaming {
  initialState(): MusicnnState;
  /** `outputs`: [batch, features + logits], see `joinFeatures`. */
  step(inputs: readonly MusicnnStep[]): { states: MusicnnState[]; outputs: Float32Array };
}

export function createStreaming(tf: Tf, layers: MusicnnLayers): Streaming {
  const windows = new Scratch();
  return {
    // Fresh for every stream: a state may be transferred to another thread with its arrays.
    initialState: () => ({
      musicnnFront: new Float32Array(KEPT_FRONT.rows * FRONT_CHANNELS),
      musicnnFrames: new Float32Array(KEPT_FRAMES.rows * FRAME_CHANNELS),
    }),

    step(inputs) {
      const batch = inputs.length;
      for (const { window } of inputs) checkNewFrames(window.newFrames);
      const received = inputs.map(({ window }) => framesReceived(window.step));
      const past = poolPast(inputs, received);
      const mel = layers.normalize(joinWindows(inputs, windows));
      clearMissing(mel, received);
      const [front, frames, outputs] = fetchTidy(tf, () => {
        const mask = maskOf(tf, received);
        const front = frontEnd(tf, layers, mel, keptFront(tf, inputs), mask);
        const frames = middle(tf, layers, front, mask);
        const peaks = mask ? tf.add(frames, mask.farBelow(FRAME_ROWS)) : frames;
        const max: Tensor2D = tf.maximum(tf.max(peaks, 1), tf.tensor2d(past.max, [batch, FRAME_CHANNELS]));
        const sum: Tensor2D = tf.add(tf.sum(frames, 1), tf.tensor2d(past.sum, [batch, FRAME_CHANNELS]));
        const mean: Tensor2D = tf.div(sum, tf.tensor2d(received, [batch, 1]));
        const outputs = joinFeatures(tf, { max, mean, ...layers.backEnd(max, mean) });
        const settled = tf.slice(frames, [0, 0, 0], [batch, MAX_NEW, FRAME_CHANNELS]);
        const kept = tf.slice(
          front,
          [0, KEPT_FRONT.first - FIRST_FRONT, 0],
          [batch, KEPT_FRONT.rows, FRONT_CHANNELS],
        );
        return [kept, settled, outputs];
      });
      return { states: inputs.map((input, i) => nextState(input, i, front!, frames!)), outputs: outputs! };
    },
  };
}

function checkNewFrames(count: number): void {
  if (count >= MIN_NEW && count <= MAX_NEW) return;
  throw new RangeError(`a step has ${MIN_NEW} to ${MAX_NEW} new frames, not ${count}`);
}

/** `[batch, 187, bands]` */
function joinWindows(inputs: readonly MusicnnStep[], scratch: Scratch): Float32Array {
  const size = WINDOW_FRAMES * MEL_BANDS;
  const mel = scratch.take(inputs.length * size);
  inputs.forEach(({ window }, i) => {
    mel.set(window.mel, i * size);
  });
  return mel;
}

/** Sets the rows from before each stream began to 0, like the padding of a patch: after normalizing. */
function clearMissing(mel: Float32Array, received: readonly number[]): void {
  const size = WINDOW_FRAMES * MEL_BANDS;
  for (const [i, frames] of received.entries()) {
    mel.fill(0, i * size, i * size + (WINDOW_FRAMES - frames) * MEL_BANDS);
  }
}

/** Marks the rows from before the stream began. */
interface Mask {
  /** `[batch, rows, 1]` for the newest rows: 1 where the stream had begun, else 0. */
  present(rows: number): Tensor3D;
  /** The same, 0 where the stream had begun, else far below any value. */
  farBelow(rows: number): Tensor3D;
}

/** Undefined if all streams have filled their windows, which saves the multiplications. */
function maskOf(tf: Tf, received: readonly number[]): Mask | undefined {
  if (received.every((frames) => frames >= WINDOW_FRAMES)) return undefined;
  const marks = (rows: number, yes: number, no: number) => {
    const values = new Float32Array(received.length * rows).fill(yes);
    for (const [i, frames] of received.entries())
      values.fill(no, i * rows, (i + 1) * rows - Math.min(rows, frames));
    return tf.tensor3d(values, [received.length, rows, 1]);
  };
  return { present: (rows) => marks(rows, 1, 0), farBelow: (rows) => marks(rows, 0, FAR_BELOW) };
}

/** The kept rows of the front end at their positions in the new windows: `[batch, FIRST_FRONT to …, 561]`. */
function keptFront(tf: Tf, inputs: readonly MusicnnStep[]): Tensor3D {
  const rows = firstChanged(KERNEL_PAD) - FIRST_FRONT;
  const size = rows * FRONT_CHANNELS;
  const kept = new Float32Array(inputs.length * size);
  inputs.forEach(({ window, state }, i) => {
    const from = (window.newFrames - MIN_NEW) * FRONT_CHANNELS;
    kept.set(state.musicnnFront.subarray(from, from + size), i * size);
  });
  return tf.tensor3d(kept, [inputs.length, rows, FRONT_CHANNELS]);
}

/** `[batch, FIRST_FRONT to 186, 561]`: the kept rows, then those that new frames change. */
function frontEnd(
  tf: Tf,
  layers: MusicnnLayers,
  mel: Float32Array,
  kept: Tensor3D,
  mask: Mask | undefined,
): Tensor3D {
  const batch = kept.shape[0];
  const settledRows = (rows: number, channel: number, channels: number): Tensor3D =>
    tf.slice(kept, [0, 0, channel], [batch, rows, channels]);
  const timbral = (): Tensor3D => {
    const first = firstChanged(KERNEL_PAD);
    const changed = layers.timbral(cutTime(mel, batch, first - KERNEL_PAD, WINDOW_FRAMES, KERNEL_PAD), batch);
    return tf.concat([settledRows(first - FIRST_FRONT, 0, TIMBRAL_CHANNELS), changed], 1);
  };
  const temporal = (taps: number, i: number): Tensor3D => {
    const [before, after] = [framesBefore(taps), framesAfter(taps)];
    const first = firstChanged(after);
    const channel = TIMBRAL_CHANNELS + i * TEMPORAL_CHANNELS;
    const settled = settledRows(first - FIRST_FRONT, channel, TEMPORAL_CHANNELS);
    const [run, runUnsettled] = [layers.temporal[i]!, layers.unsettled[i]!];
    if (run === runUnsettled) {
      return tf.concat([settled, run(cutTime(mel, batch, first - before, WINDOW_FRAMES, after), batch)], 1);
    }
    // The rows that `MAX_NEW` frames settle, which need no zeros, and the rows after them.
    const settling = run(cutTime(mel, batch, first - before, WINDOW_FRAMES, 0), batch);
    const from = first + MAX_NEW - before;
    return tf.concat(
      [settled, settling, runUnsettled(cutTime(mel, batch, from, WINDOW_FRAMES, after), batch)],
      1,
    );
  };
  const front = tf.concat([timbral(), ...TEMPORAL_TAPS.map(temporal)], 2);
  return masked(tf, front, mask);
}

function masked(tf: Tf, x: Tensor3D, mask: Mask | undefined): Tensor3D {
  return mask ? tf.mul(x, mask.present(x.shape[1])) : x;
}

/** Rows `first` to `end` of each window, and `after` rows of zeros for frames that have not arrived. */
function cutTime(mel: Float32Array, batch: number, first: number, end: number, after: number): Float32Array {
  const size = WINDOW_FRAMES * MEL_BANDS;
  const cutSize = (end - first + after) * MEL_BANDS;
  const cut = new Float32Array(batch * cutSize);
  for (let item = 0; item < batch; item++) {
    cut.set(mel.subarray(item * size + first * MEL_BANDS, item * size + end * MEL_BANDS), item * cutSize);
  }
  return cut;
}

/** `[batch, FIRST_FRAME to 186, 753]` */
function middle(tf: Tf, layers: MusicnnLayers, front: Tensor3D, mask: Mask | undefined): Tensor3D {
  const features = [front];
  for (const layer of layers.middle) {
    const padded = tf.pad(features.at(-1)!, [
      [0, 0],
      [0, KERNEL_PAD],
      [0, 0],
    ]);
    features.push(masked(tf, layer(padded), mask));
  }
  const newest = features.map((x): Tensor3D => {
    const [batch, rows, channels] = x.shape;
    return tf.slice(x, [0, rows - FRAME_ROWS, 0], [batch, FRAME_ROWS, channels]);
  });
  return tf.concat(newest, 2);
}

/** Maximum and sum over the kept rows that are still in the window, `[batch, 753]` each. */
function poolPast(
  inputs: readonly MusicnnStep[],
  received: readonly number[],
): { max: Float32Array; sum: Float32Array } {
  const max = new Float32Array(inputs.length * FRAME_CHANNELS).fill(FAR_BELOW);
  const sum = new Float32Array(inputs.length * FRAME_CHANNELS);
  inputs.forEach(({ window, state }, i) => {
    const at = i * FRAME_CHANNELS;
    const first = WINDOW_FRAMES - received[i]!;
    let from = (window.newFrames - KEPT_FRAMES.first + first) * FRAME_CHANNELS;
    for (let row = first; row < FIRST_FRAME; row++) {
      for (let channel = 0; channel < FRAME_CHANNELS; channel++) {
        const value = state.musicnnFrames[from++]!;
        sum[at + channel]! += value;
        if (value > max[at + channel]!) max[at + channel] = value;
      }
    }
  });
  return { max, sum };
}

function nextState(
  { window, state }: MusicnnStep,
  item: number,
  front: Float32Array,
  settled: Float32Array,
): MusicnnState {
  const frontSize = KEPT_FRONT.rows * FRONT_CHANNELS;
  const settledSize = MAX_NEW * FRAME_CHANNELS;
  const musicnnFrames = new Float32Array(KEPT_FRAMES.rows * FRAME_CHANNELS);
  // Old row `newFrames` is row 0 of this window; the next step drops at least MIN_NEW more.
  const older = state.musicnnFrames.subarray(window.newFrames * FRAME_CHANNELS);
  const olderSize = (FIRST_FRAME - MIN_NEW) * FRAME_CHANNELS;
  musicnnFrames.set(older.subarray(0, olderSize));
  musicnnFrames.set(settled.subarray(item * settledSize, (item + 1) * settledSize), olderSize);
  return { musicnnFront: front.slice(item * frontSize, (item + 1) * frontSize), musicnnFrames };
}

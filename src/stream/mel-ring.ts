import type { MelFrame } from '../types.ts';
import { MEL_BANDS } from './mel.ts';

/** 187 frames of 16 ms: the newest 3 s, the window of a step. */
export const WINDOW_FRAMES = 187;

/** Frames that are added before the newest ones are moved to the front: 3 s of them. */
const CAPACITY = 2 * WINDOW_FRAMES;

/**
 * The newest WINDOW_FRAMES mel frames, always one behind the other in memory: the window of a step is a view of them and
 * is not copied.
 */
export class MelRing {
  /** [CAPACITY, MEL_BANDS]; begins with zeros, which are the frames from before the stream began. */
  readonly #frames: Float32Array;
  /** Number of rows in use; the last WINDOW_FRAMES are the window. */
  #end: number = WINDOW_FRAMES;
  /** Number of frames of the stream in the window. */
  #size = 0;

  /** @param frames [n, MEL_BANDS], n ≤ WINDOW_FRAMES, oldest first: a saved ring */
  constructor(frames?: Float32Array, capacity: number = CAPACITY) {
    this.#frames = new Float32Array(capacity * MEL_BANDS);
    if (!frames) return;
    for (let at = 0; at < frames.length; at += MEL_BANDS) this.push(frames.subarray(at, at + MEL_BANDS));
  }

  /** Adds a copy of the frame. */
  push(frame: MelFrame): void {
    if (this.#end * MEL_BANDS === this.#frames.length) {
      this.#frames.copyWithin(0, (this.#end - WINDOW_FRAMES + 1) * MEL_BANDS);
      this.#end = WINDOW_FRAMES - 1;
    }
    this.#frames.set(frame, this.#end * MEL_BANDS);
    this.#end++;
    if (this.#size < WINDOW_FRAMES) this.#size++;
  }

  /**
   * [WINDOW_FRAMES, MEL_BANDS], the newest frame last; frames from before the stream began are 0. A view: it holds until
   * the next `push`.
   */
  get window(): Float32Array {
    return this.#last(WINDOW_FRAMES);
  }

  /** [n, MEL_BANDS] a copy of the frames in the ring, oldest first. */
  get state(): Float32Array {
    return this.#last(this.#size).slice();
  }

  #last(count: number): Float32Array {
    return this.#frames.subarray((this.#end - count) * MEL_BANDS, this.#end * MEL_BANDS);
  }
}

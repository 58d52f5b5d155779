import RingBuffer from 'ringbufferjs';
import type { MelFrame } from '../types.ts';
import { MEL_BANDS } from './mel.ts';

/** 187 frames of 16 ms: the newest 3 s, the window of a step. */
export const WINDOW_FRAMES = 187;

/** The newest WINDOW_FRAMES mel frames. A full ring refills the array of the frame that it drops. */
export class MelRing {
  readonly #ring = new RingBuffer<MelFrame>(WINDOW_FRAMES);

  /** @param frames [n, MEL_BANDS], n ≤ WINDOW_FRAMES, oldest first: a saved ring */
  constructor(frames?: Float32Array) {
    if (!frames) return;
    for (let at = 0; at < frames.length; at += MEL_BANDS) this.push(frames.subarray(at, at + MEL_BANDS));
  }

  /** Adds a copy of the frame. */
  push(frame: MelFrame): void {
    const slot = this.#ring.isFull() ? this.#ring.deq() : new Float32Array(MEL_BANDS);
    slot.set(frame);
    this.#ring.enq(slot);
  }

  /** Fills `window` [WINDOW_FRAMES, MEL_BANDS], the newest frame last; frames from before the stream began are 0. */
  copyTo(window: Float32Array): void {
    const frames = this.#ring.peekN(this.#ring.size());
    let at = window.length - frames.length * MEL_BANDS;
    window.fill(0, 0, at);
    for (const frame of frames) {
      window.set(frame, at);
      at += MEL_BANDS;
    }
  }

  /** [n, MEL_BANDS] a copy of the frames in the ring, oldest first. */
  get state(): Float32Array {
    const size = this.#ring.size();
    const frames = new Float32Array(size * MEL_BANDS);
    for (const [i, frame] of this.#ring.peekN(size).entries()) frames.set(frame, i * MEL_BANDS);
    return frames;
  }
}

import type { ModelState } from '../../../../../types.ts';
import { BLOCKS, HEAD_WIDTH, HEADS, MEANS_WIDTH, ROWS } from './sizes.ts';

/** Numbers of the keys, or of the values, of one time in one head. */
const HEAD_SIZE: number = ROWS * HEAD_WIDTH;
/** The keys, then the values of each block. */
export const PARTS: number = 2 * BLOCKS;
const TIME_SIZE: number = PARTS * HEADS * HEAD_SIZE;

/**
 * One stream's state. Each time has an array of its own, so that a step adds its new times to those of the step before
 * and copies none: together they are 1.3 MB.
 */
export interface StreamingState {
  /** [BLOCKS, 2, HEADS, ROWS, HEAD_WIDTH] keys and values of each of the kept times, oldest first. */
  readonly cedKept: readonly Float32Array[];
  /** [times, MEANS_WIDTH] mean tokens of each of the newest times, oldest first. */
  readonly cedMeans: Float32Array;
}

export const NOTHING_KEPT: StreamingState = { cedKept: [], cedMeans: new Float32Array(0) };

/** As part of a model's state: `cedKept0` is the oldest. */
export function streamingState({ cedKept, cedMeans }: StreamingState): ModelState {
  const state: Record<string, Float32Array> = { cedMeans };
  for (const [i, time] of cedKept.entries()) state[`cedKept${i}`] = time;
  return state;
}

/**
 * The reverse; undefined if the state is from another model.
 *
 * @param most times that are kept
 */
export function streamingStateOf(state: ModelState, most: number): StreamingState | undefined {
  const { cedMeans } = state;
  if (!cedMeans || cedMeans.length % MEANS_WIDTH !== 0) return undefined;
  const times = Math.min(most, cedMeans.length / MEANS_WIDTH);
  const cedKept: Float32Array[] = [];
  for (let i = 0; state[`cedKept${i}`]; i++) cedKept.push(state[`cedKept${i}`]!);
  const complete = cedKept.length === times && cedKept.every(({ length }) => length === TIME_SIZE);
  return complete ? { cedKept, cedMeans } : undefined;
}

/**
 * The array of one time.
 *
 * @param all [BLOCKS · 2, streams, HEADS, times, ROWS, HEAD_WIDTH]
 */
export function timeOf(all: Float32Array, stream: number, streams: number, time: number, times: number) {
  const own = new Float32Array(TIME_SIZE);
  for (let part = 0; part < PARTS; part++) {
    for (let head = 0; head < HEADS; head++) {
      const from = (((part * streams + stream) * HEADS + head) * times + time) * HEAD_SIZE;
      own.set(all.subarray(from, from + HEAD_SIZE), (part * HEADS + head) * HEAD_SIZE);
    }
  }
  return own;
}

/** Collects one part of the kept times of several streams, which have as many of them. */
export class KeptParts {
  #out = new Float32Array(0);

  /** [streams, HEADS, times, ROWS, HEAD_WIDTH] in an array that the next call refills. */
  collect(states: readonly StreamingState[], part: number): Float32Array {
    const times = states[0]!.cedKept.length;
    const length = states.length * HEADS * times * HEAD_SIZE;
    if (this.#out.length < length) this.#out = new Float32Array(length);
    let to = 0;
    for (const { cedKept } of states) {
      for (let from = part * HEADS * HEAD_SIZE; from < (part + 1) * HEADS * HEAD_SIZE; from += HEAD_SIZE) {
        for (const time of cedKept) {
          this.#out.set(time.subarray(from, from + HEAD_SIZE), to);
          to += HEAD_SIZE;
        }
      }
    }
    return this.#out.subarray(0, length);
  }
}

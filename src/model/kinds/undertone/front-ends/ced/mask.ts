import { ROWS } from './sizes.ts';

const HIDDEN_KEY = -1e9;

/**
 * The mask of causal attention: 0, or far below 0 where a key is hidden. A token sees those of its own time and of the
 * `context` − 1 times before it.
 *
 * @param before kept times
 * @param times new times, which follow them
 * @returns [times · ROWS, (before + times) · ROWS]
 */
export function attentionMask({
  before,
  times,
  context,
}: {
  before: number;
  times: number;
  context: number;
}): Float32Array {
  const keys = before + times;
  const mask = new Float32Array(times * ROWS * keys * ROWS);
  for (let query = 0, i = 0; query < times * ROWS; query++) {
    const time = before + Math.floor(query / ROWS);
    for (let key = 0; key < keys * ROWS; key++, i++) {
      const keyTime = Math.floor(key / ROWS);
      const seen = keyTime <= time && keyTime > time - context;
      if (!seen) mask[i] = HIDDEN_KEY;
    }
  }
  return mask;
}

/** Inputs are clipped to this many standard deviations, so that unusual sound cannot dominate. */
export const INPUT_LIMIT = 5;

/**
 * Rows of inputs in standard deviations from their mean, as networks standardize them.
 *
 * @param rows [rows, inputs]
 * @param mean [inputs] the tensor `input/mean`; `scale` likewise
 * @param out filled with the result; default: a new array
 */
export function standardized(
  rows: Float32Array,
  mean: Float32Array,
  scale: Float32Array,
  out: Float32Array = new Float32Array(rows.length),
): Float32Array {
  // Loops, because callbacks for each of a thousand inputs took a tenth of a step's time.
  for (let at = 0; at < rows.length; at += mean.length) {
    for (let i = 0; i < mean.length; i++) {
      const z = (rows[at + i]! - mean[i]!) / scale[i]!;
      out[at + i] = z > INPUT_LIMIT ? INPUT_LIMIT : z < -INPUT_LIMIT ? -INPUT_LIMIT : z;
    }
  }
  return out;
}

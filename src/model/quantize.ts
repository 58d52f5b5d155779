/** The whole numbers of an array that is stored as int8: value = scale · (number − zeroPoint). */
export interface Grid {
  readonly scale: number;
  readonly zeroPoint: number;
}

/** Affine quantization over the range of the values, which always includes 0. A value changes by at most half a scale. */
export function quantize(values: Float32Array): Grid & { readonly numbers: Int8Array } {
  let [low, high] = [0, 0];
  for (const x of values) {
    low = Math.min(low, x);
    high = Math.max(high, x);
  }
  const scale = high > low ? (high - low) / 255 : 1;
  const zeroPoint = Math.round(-128 - low / scale);
  return { numbers: numbersOf(values, { scale, zeroPoint }), scale, zeroPoint };
}

/** The nearest numbers on a grid; exact for values of `dequantize`. */
export function numbersOf(values: Float32Array, { scale, zeroPoint }: Grid): Int8Array {
  const numbers = new Int8Array(values.length);
  for (let i = 0; i < numbers.length; i++)
    numbers[i] = Math.max(-128, Math.min(127, Math.round(values[i]! / scale) + zeroPoint));
  return numbers;
}

export function dequantize(numbers: Int8Array, { scale, zeroPoint }: Grid): Float32Array {
  const values = new Float32Array(numbers.length);
  // Not `Float32Array.from`, which takes twenty times as long: half a second for the largest model.
  for (let i = 0; i < values.length; i++) values[i] = scale * (numbers[i]! - zeroPoint);
  return values;
}

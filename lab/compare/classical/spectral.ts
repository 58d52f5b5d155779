/** A bank of filters over the bins of a spectrum. Only the span of nonzero weights of each filter is visited. */
export class FilterBank {
  readonly #filters: readonly { readonly from: number; readonly weights: Float64Array }[];

  /** @param rows weights of each filter for each bin; weights beyond the first `bins` are ignored */
  constructor(rows: readonly (readonly number[])[], bins: number) {
    this.#filters = rows.map((row) => {
      const used = row.slice(0, bins);
      const from = Math.max(
        0,
        used.findIndex((weight) => weight !== 0),
      );
      const to = used.findLastIndex((weight) => weight !== 0) + 1;
      return { from, weights: Float64Array.from(used.slice(from, to)) };
    });
  }

  apply(spectrum: Float32Array): number[] {
    return this.#filters.map(({ from, weights }) => {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * spectrum[from + i]!;
      return sum;
    });
  }
}

/** First coefficients of the discrete cosine transform (type II, factor 2) of log(1 + power) of each band. */
export function cepstrum(bands: readonly number[], coefficients: number): number[] {
  const logs = bands.map((power) => Math.log(1 + power));
  const turn = Math.PI / bands.length;
  return Array.from(
    { length: coefficients },
    (_, k) => 2 * logs.reduce((sum, y, i) => sum + y * Math.cos(turn * k * (i + 0.5)), 0),
  );
}

/** Divides by the maximum, so that the values do not depend on loudness. */
export function overMaximum(values: readonly number[]): number[] {
  const most = Math.max(...values);
  return most > 0 ? values.map((value) => value / most) : [...values];
}

/**
 * Normalized Shannon entropy of the power spectrum: 0 for a single bin, 1 for white noise.
 *
 * @param amplitudes at least one is not 0
 */
export function spectralEntropy(amplitudes: Float32Array): number {
  let total = 0;
  for (const amplitude of amplitudes) total += amplitude * amplitude;
  let entropy = 0;
  for (const amplitude of amplitudes) {
    const share = (amplitude * amplitude) / total;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return entropy / Math.log(amplitudes.length);
}

/** Mean increase of amplitude per bin since the previous frame; decreases count as 0. */
export function spectralFlux(amplitudes: Float32Array, before: Float32Array): number {
  let sum = 0;
  for (const [bin, amplitude] of amplitudes.entries()) sum += Math.max(0, amplitude - before[bin]!);
  return sum / amplitudes.length;
}

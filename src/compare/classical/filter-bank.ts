/** Weighted sums over the bins of a spectrum, of which most weights are 0: only the span between the others is gone through. */
export class FilterBank {
  readonly #filters: readonly { readonly from: number; readonly weights: Float64Array }[];

  /** @param rows weights of each filter, bin by bin; bins from `bins` on are left out */
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

/** Quantiles of numbers, as nearest rank; NaN of none. */
export function quantiles(numbers: readonly number[]): (q: number) => number {
  const sorted = Float64Array.from(numbers).sort();
  return (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export const median = (numbers: readonly number[]): number => quantiles(numbers)(0.5);

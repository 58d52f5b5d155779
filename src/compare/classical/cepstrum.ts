/** The first coefficients of the discrete cosine transform (type II, twice the plain sum) of the logarithm of 1 + each band's power. */
export function cepstrum(bands: readonly number[], coefficients: number): number[] {
  const logs = bands.map((power) => Math.log(1 + power));
  const turn = Math.PI / bands.length;
  return Array.from(
    { length: coefficients },
    (_, k) => 2 * logs.reduce((sum, y, i) => sum + y * Math.cos(turn * k * (i + 0.5)), 0),
  );
}

/** Over the strongest, so that how loud it was is left out. */
export function overStrongest(values: readonly number[]): number[] {
  const most = Math.max(...values);
  return most > 0 ? values.map((value) => value / most) : [...values];
}

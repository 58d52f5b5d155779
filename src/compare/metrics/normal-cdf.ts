/** Share of a standard normal distribution below x: Abramowitz & Stegun 7.1.26, to 1e-7. */
export function normalCdf(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * poly * Math.exp(-z * z);
  return x < 0 ? tail : 1 - tail;
}

/** Of n equal shares of a standard normal distribution the middle of each. */
export function normalMiddles(n: number): number[] {
  return Array.from({ length: n }, (_, i) => quantile((i + 0.5) / n));
}

/** By halving; only ever asked for a few numbers. */
function quantile(share: number): number {
  let [low, high] = [-10, 10];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

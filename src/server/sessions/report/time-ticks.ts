/** Steps of a time axis that people count in, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Round times from 0 to `seconds`, at most `most` of them. */
export function timeTicks(seconds: number, most: number): number[] {
  const days = Math.ceil(seconds / 86_400 / most);
  const step = STEPS.find((one) => seconds / one <= most - 1) ?? days * 86_400;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step);
}

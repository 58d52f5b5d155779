/** Durations as text: `30s`, `10m`, `1h`, `90d`. */

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_557_600_000 };

/** Parses a duration to ms; undefined if the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w|y)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * UNITS[unit as keyof typeof UNITS];
}

/**
 * A span in words, rounded to at most two units: `0.4 s`, `20 s`, `1 h 5 min`, `90 days`.
 *
 * @param days the only word of it that differs between languages
 */
export function spanText(
  seconds: number,
  days = (n: number): string => (n === 1 ? '1 day' : `${n} days`),
): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const units = [
    { length: 86_400, of: days },
    { length: 3_600, of: (n: number) => `${n} h` },
    { length: 60, of: (n: number) => `${n} min` },
    { length: 1, of: (n: number) => `${n} s` },
  ];
  const first = units.findIndex(({ length }) => seconds >= length);
  const finest = units[Math.min(first + 1, units.length - 1)]!.length;
  let left = Math.round(seconds / finest) * finest;
  const parts: string[] = [];
  for (const { length, of } of units) {
    const n = Math.floor(left / length);
    left -= n * length;
    if (n > 0) parts.push(of(n));
  }
  return parts.join(' ');
}

/** A number with fixed decimals; a dash when it is not finite. */
export function fixed(x: number, digits = 3): string {
  return Number.isFinite(x) ? minus(x.toFixed(digits)) : '–';
}

export function percent(x: number, digits = 1): string {
  return Number.isFinite(x) ? `${minus((100 * x).toFixed(digits))} %` : '–';
}

/** Three significant digits, with a power of ten for small and large numbers: 2.14 · 10⁻⁴. */
export function scientific(x: number): string {
  if (!Number.isFinite(x)) return '–';
  const [digits, power] = x.toExponential(2).split('e') as [string, string];
  return Math.abs(Number(power)) < 3
    ? minus(String(Number(x.toPrecision(3))))
    : `${minus(digits)} · 10${raised(Number(power))}`;
}

/** A whole number with separators: 12,345. */
export function count(n: number): string {
  return Number.isFinite(n) ? Math.round(n).toLocaleString('en-GB') : '–';
}

/** A number with its sign. */
export function signed(x: number, digits = 3): string {
  return Number.isFinite(x) ? `${x >= 0 ? '+' : ''}${fixed(x, digits)}` : '–';
}

/** A list in a sentence: a, b and c. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Typographic minus; numbers that round to zero have no sign. */
function minus(text: string): string {
  return /^-[0.]+$/.test(text) ? text.slice(1) : text.replace('-', '−');
}

function raised(power: number): string {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  return `${power < 0 ? '⁻' : ''}${[...String(Math.abs(power))].map((digit) => digits[Number(digit)]).join('')}`;
}

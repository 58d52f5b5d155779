import { describe, expect, test } from 'vitest';
import { colorRamp, RAMP_LEVELS } from '../../dashboard/draw/color-ramp.ts';

/** Lightness in OKLab of an sRGB color, 0 … 1 (Ottosson 2020). */
function lightness([r, g, b]: number[]): number {
  const linear = (value: number) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const [red, green, blue] = [linear(r!), linear(g!), linear(b!)];
  const l = 0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue;
  const m = 0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue;
  const s = 0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue;
  return 0.2104542553 * Math.cbrt(l) + 0.793617785 * Math.cbrt(m) - 0.0040720468 * Math.cbrt(s);
}

describe.each(['light', 'dark', 'booth'] as const)('the color ramp of the theme %s', (theme) => {
  const ramp = colorRamp(theme);
  const colors = Array.from({ length: RAMP_LEVELS }, (_, i) => [...ramp.subarray(i * 4, i * 4 + 3)]);

  test('has even steps of lightness', () => {
    const values = colors.map(lightness);
    const [first, last] = [values[0]!, values.at(-1)!];
    expect(Math.abs(last - first)).toBeGreaterThan(0.6);
    for (const [i, value] of values.entries()) {
      const even = first + ((last - first) * i) / (RAMP_LEVELS - 1);
      expect(Math.abs(value - even)).toBeLessThan(0.015);
    }
  });

  test('is opaque', () => {
    for (let i = 3; i < ramp.length; i += 4) expect(ramp[i]).toBe(255);
  });
});

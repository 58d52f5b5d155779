import { describe, expect, test } from 'vitest';
import { MEL_BANDS } from '../../src/stream/mel.ts';
import { MEL_COLUMNS, melCentersHz, melColumns } from '../../src/stream/mel-columns.ts';

const windowOf = (newFrames: number, value: (frame: number, band: number) => number) => {
  const mel = new Float32Array(187 * MEL_BANDS).fill(99); // Older frames are of no step.
  for (let f = 0; f < newFrames; f++)
    for (let b = 0; b < MEL_BANDS; b++) mel[(187 - newFrames + f) * MEL_BANDS + b] = value(f, b);
  return { mel, newFrames };
};

describe('melColumns', () => {
  test.each([30, 31, 32])('%i new frames become means of a fifth of the step each', (newFrames) => {
    const columns = melColumns(windowOf(newFrames, (frame, band) => (band === 7 ? frame / 8 : 0)));
    expect(columns).toHaveLength(MEL_COLUMNS * MEL_BANDS);
    for (let c = 0; c < MEL_COLUMNS; c++) {
      const middle = ((c + 0.5) * newFrames) / MEL_COLUMNS - 0.5;
      expect(Math.abs(columns[c * MEL_BANDS + 7]! - (middle / 8 / 6) * 255)).toBeLessThan(4);
      expect(columns[c * MEL_BANDS + 8]).toBe(0);
    }
  });

  test('ends at full strength', () => {
    expect(new Set(melColumns(windowOf(31, () => 40)))).toEqual(new Set([255]));
  });

  test('its bands rise from 0 to 8 kHz', () => {
    const hz = melCentersHz();
    expect(hz).toHaveLength(MEL_BANDS);
    expect(hz).toEqual([...hz].sort((a, b) => a - b));
    expect(hz[0]).toBeLessThan(40);
    expect(hz.at(-1)).toBeGreaterThan(7_500);
  });
});

import { expect, it } from 'vitest';
import { markerLines } from '../../dashboard/draw/marker-lines.ts';

/** Markers at whole seconds from 0; `reads` counts how often one is looked at. */
function markersOf(count: number) {
  const markers = Array.from({ length: count }, (_, x) => ({ x, label: String(x + 1) }));
  const seen = { reads: 0 };
  const watched = new Proxy(markers, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) seen.reads++;
      return Reflect.get(target, key, receiver);
    },
  });
  return { watched, seen };
}

it('has the markers of a range, and of close ones the first', () => {
  const { watched } = markersOf(100);
  const shown = (from: number, to: number, apart: number) =>
    markerLines(watched, from, to, apart).map(({ label }) => Number(label) - 1);
  expect(shown(10, 14, 0.5)).toEqual([10, 11, 12, 13, 14]);
  expect(shown(9.5, 14.5, 2)).toEqual([10, 12, 14]);
  expect(shown(-5, 200, 30)).toEqual([0, 30, 60, 90]);
  expect(shown(99.5, 200, 1)).toEqual([]);
  expect(markerLines([], 0, 1, 1)).toEqual([]);
});

it('looks at as many as are shown, however many there are', () => {
  const reads = [1_000, 100_000].map((count) => {
    const { watched, seen } = markersOf(count);
    // A chart with room for 100 lines.
    expect(markerLines(watched, 0, count - 1, count / 100)).toHaveLength(100);
    return seen.reads;
  });
  // Thirty for each: a search in steps that double, and back.
  for (const count of reads) expect(count).toBeLessThan(100 * 40);
});

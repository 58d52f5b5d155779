/** Anything with a place on the time axis. */
interface Placed {
  readonly x: number;
}

/**
 * The markers from `from` to `to`, of those closer than `apart` to one before only the first: what a chart can show.
 * As many steps as that, however many markers there are.
 *
 * @param markers in the order of time
 * @param apart seconds; above 0
 */
export function markerLines<T extends Placed>(
  markers: readonly T[],
  from: number,
  to: number,
  apart: number,
): T[] {
  const shown: T[] = [];
  let i = firstFrom(markers, from, 0);
  while (i < markers.length && markers[i]!.x <= to) {
    const marker = markers[i]!;
    shown.push(marker);
    i = firstFrom(markers, marker.x + apart, i + 1);
  }
  return shown;
}

/** Index of the first marker at `x` or later, from index `low` on. */
function firstFrom(markers: readonly Placed[], x: number, low: number): number {
  // Most are the next one, or close to it.
  let step = 1;
  let start = low;
  while (start + step < markers.length && markers[start + step]!.x < x) {
    start += step;
    step *= 2;
  }
  let end = Math.min(markers.length, start + step);
  while (start < end) {
    const middle = (start + end) >> 1;
    if (markers[middle]!.x < x) start = middle + 1;
    else end = middle;
  }
  return start;
}

import type { Curve } from '../state/curve.ts';

/** Size of the strip in its own units. */
export const OVERVIEW_WIDTH = 400;
export const OVERVIEW_HEIGHT = 56;

/** SVG path data of both axes over a whole recording, with gaps where there is no music. */
export interface OverviewPaths {
  readonly valence: string;
  readonly arousal: string;
}

/** Means of `rows` over OVERVIEW_WIDTH equal parts of the recording. */
export function overviewPaths({ rows, times, startMs, endMs }: Curve): OverviewPaths {
  const valences = new Float64Array(OVERVIEW_WIDTH);
  const arousals = new Float64Array(OVERVIEW_WIDTH);
  const counts = new Float64Array(OVERVIEW_WIDTH);
  rows.forEach(({ valence, arousal }, i) => {
    if (valence === null || arousal === null) return;
    const share = (times[i]! - startMs) / Math.max(1, endMs - startMs);
    const at = Math.max(0, Math.min(OVERVIEW_WIDTH - 1, Math.floor(share * OVERVIEW_WIDTH)));
    valences[at]! += valence;
    arousals[at]! += arousal;
    counts[at]!++;
  });
  const path = (sums: Float64Array): string => {
    // 0 / 0 is NaN: no music.
    const means = sums.map((sum, i) => sum / counts[i]!);
    return pathOf(fillBetweenRows(means, rows.length));
  };
  return { valence: path(valences), arousal: path(arousals) };
}

/** A short recording has fewer rows than parts: parts between two rows repeat the one before. */
function fillBetweenRows(means: Float64Array, rows: number): Float64Array {
  const reach = Math.ceil(OVERVIEW_WIDTH / Math.max(1, rows));
  if (reach < 2) return means;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < OVERVIEW_WIDTH; i++) {
    if (!Number.isNaN(means[i]!)) last = i;
    else if (i - last <= reach) means[i] = means[i - 1]!;
  }
  return means;
}

function pathOf(means: Float64Array): string {
  let path = '';
  let penDown = false;
  means.forEach((mean, i) => {
    if (Number.isNaN(mean)) {
      penDown = false;
      return;
    }
    path += `${penDown ? 'L' : 'M'}${i + 0.5} ${(((1 - mean) / 2) * OVERVIEW_HEIGHT).toFixed(1)}`;
    penDown = true;
  });
  return path;
}

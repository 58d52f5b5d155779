import type { Curve } from '../state/curve.ts';
import { LOST_SECONDS } from '../state/step-ring.ts';

/** Size of the strip in its own units. */
export const OVERVIEW_WIDTH = 400;
export const OVERVIEW_HEIGHT = 56;

/** SVG path data of both axes over a whole recording, with gaps where there is no music or no data. */
export interface OverviewPaths {
  readonly valence: string;
  readonly arousal: string;
}

/** Means of `rows` over OVERVIEW_WIDTH equal parts of the recording. */
export function overviewPaths({ rows, times, startMs, endMs, stepSeconds }: Curve): OverviewPaths {
  const length = Math.max(1, endMs - startMs);
  const valences = new Float64Array(OVERVIEW_WIDTH);
  const arousals = new Float64Array(OVERVIEW_WIDTH);
  const counts = new Float64Array(OVERVIEW_WIDTH);
  /** Parts with rows, also without music. */
  const known = new Uint8Array(OVERVIEW_WIDTH);
  rows.forEach(({ valence, arousal }, i) => {
    const share = (times[i]! - startMs) / length;
    const at = Math.max(0, Math.min(OVERVIEW_WIDTH - 1, Math.floor(share * OVERVIEW_WIDTH)));
    known[at] = 1;
    if (valence === null || arousal === null) return;
    valences[at]! += valence;
    arousals[at]! += arousal;
    counts[at]!++;
  });
  const reach = Math.ceil((Math.max(LOST_SECONDS, stepSeconds) * 1000 * OVERVIEW_WIDTH) / length);
  const path = (sums: Float64Array): string => {
    // 0 / 0 is NaN: no music.
    const means = sums.map((sum, i) => sum / counts[i]!);
    return pathOf(fillBetweenRows(means, known, reach));
  };
  return { valence: path(valences), arousal: path(arousals) };
}

/** Parts between two rows, which may be late or longer than a part, repeat the one before, up to `reach` parts. */
function fillBetweenRows(means: Float64Array, known: Uint8Array, reach: number): Float64Array {
  const filled = means.slice();
  for (let i = 1, last = 0; i < OVERVIEW_WIDTH; i++) {
    if (known[i] === 0) continue;
    if (known[last] !== 0 && i - last <= reach) filled.fill(means[last]!, last + 1, i);
    last = i;
  }
  return filled;
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

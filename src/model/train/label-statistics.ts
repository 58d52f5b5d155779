import { FORECAST_HORIZONS } from '../../types.ts';
import type { Sequence } from './sequence.ts';

const CHANGES = 2 * FORECAST_HORIZONS.length;

/** Mean valence and arousal over all labelled steps. */
export function labelMeanOf(sequences: readonly Sequence[]): [number, number] {
  const sums = [0, 0];
  let count = 0;
  for (const { labels } of sequences) {
    for (let i = 0; i < labels.length; i += 2) {
      if (Number.isNaN(labels[i]!)) continue;
      sums[0]! += labels[i]!;
      sums[1]! += labels[i + 1]!;
      count++;
    }
  }
  return [sums[0]! / Math.max(1, count), sums[1]! / Math.max(1, count)];
}

/** 1 / root mean square of each change; 0 where a horizon has no target at all. */
export function changeScaleOf(sequences: readonly Sequence[]): Float32Array {
  const squares = new Float64Array(CHANGES);
  const counts = new Float64Array(CHANGES);
  for (const { changes } of sequences) {
    for (const [i, change] of changes.entries()) {
      if (Number.isNaN(change)) continue;
      squares[i % CHANGES]! += change ** 2;
      counts[i % CHANGES]!++;
    }
  }
  return Float32Array.from(squares, (sum, i) => (counts[i]! && sum > 0 ? Math.sqrt(counts[i]! / sum) : 0));
}

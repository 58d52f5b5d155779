import { FORECAST_HORIZONS } from '../../src/types.ts';
import type { Sequence } from '../train/sequence.ts';
import type { Clip, Dataset, Label } from './dataset.ts';

/** Labels lie this far apart. */
const GRID_MS = 500;

/**
 * The label of a clip at any time: between two labels on a straight line, as played at another tempo a step
 * ends between them; undefined where one of both is unknown.
 *
 * @param ms since the clip's beginning
 */
export function labelBetween(dataset: Dataset, { song, startMs }: Clip, ms: number): Label | undefined {
  const share = ms / GRID_MS - Math.floor(ms / GRID_MS + 1e-9);
  const before = startMs + ms - share * GRID_MS;
  const a = dataset.label(song, Math.round(before));
  if (share < 1e-6 || !a) return a;
  const b = dataset.label(song, Math.round(before) + GRID_MS);
  return (
    b && {
      valence: a.valence + share * (b.valence - a.valence),
      arousal: a.arousal + share * (b.arousal - a.arousal),
    }
  );
}

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

/** Probabilities as logits of mean 0 and standard deviation 1 in each column. */
export function standardisedLogits(rows: readonly (readonly number[])[]): Float32Array[] {
  const logits = rows.map((row) => row.map(logit));
  for (const column of logits[0]?.keys() ?? []) {
    const mean = logits.reduce((sum, row) => sum + row[column]!, 0) / logits.length;
    const sd =
      Math.sqrt(logits.reduce((sum, row) => sum + (row[column]! - mean) ** 2, 0) / logits.length) || 1;
    for (const row of logits) row[column] = (row[column]! - mean) / sd;
  }
  return logits.map((row) => Float32Array.from(row));
}

function logit(p: number): number {
  const inside = Math.min(0.999, Math.max(0.001, p));
  return Math.log(inside / (1 - inside));
}

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

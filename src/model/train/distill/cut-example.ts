import { MEL_BANDS } from '../../../stream/mel.ts';
import { FORECAST_HORIZONS } from '../../../types.ts';
import type { Example } from '../examples.ts';

const CHANGES = 2 * FORECAST_HORIZONS.length;

/** Cuts what was heard of a long recording into pieces of at most `steps`, as if each were a clip. */
export function cutExample(example: Example, steps: number): Example[] {
  const pieces: Example[] = [];
  for (let from = 0; from < example.steps; from += steps) {
    pieces.push(pieceOf(example, from, Math.min(example.steps, from + steps)));
  }
  return pieces;
}

function pieceOf(
  { clip, mel, rows, steps, labels, changes, tags }: Example,
  from: number,
  to: number,
): Example {
  const first = mel?.ends[from - 1] ?? 0;
  const width = rows ? rows.length / steps : 0;
  return {
    clip,
    ...(mel && {
      mel: {
        frames: mel.frames.subarray(first * MEL_BANDS, mel.ends[to - 1]! * MEL_BANDS),
        ends: mel.ends.slice(from, to).map((end) => end - first),
      },
    }),
    ...(rows && { rows: rows.subarray(from * width, to * width) }),
    steps: to - from,
    labels: labels.subarray(2 * from, 2 * to),
    changes: changes.subarray(CHANGES * from, CHANGES * to),
    tags,
  };
}

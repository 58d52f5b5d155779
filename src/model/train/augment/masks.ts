import { HOP_SECONDS, MEL_BANDS } from '../../../stream/mel.ts';
import type { Random } from '../random.ts';

/** A run of bands or frames that is silenced: from `from` up to, not including, `to`. */
export interface Mask {
  readonly from: number;
  readonly to: number;
}

const NONE: Mask = { from: 0, to: 0 };

/** With chance `chance`, up to `mostBands` neighbouring bands. */
export function frequencyMask(random: Random, chance: number, mostBands: number): Mask {
  if (!random.chance(chance) || mostBands < 1) return NONE;
  const width = 1 + random.below(mostBands);
  const from = random.below(MEL_BANDS - width + 1);
  return { from, to: from + width };
}

/** With chance `chance`, a gap of up to `longestMs` somewhere in `frames` frames. */
export function timeMask(random: Random, chance: number, longestMs: number, frames: number): Mask {
  const longest = Math.min(frames, Math.round(longestMs / 1000 / HOP_SECONDS));
  if (!random.chance(chance) || longest < 1) return NONE;
  const width = 1 + random.below(longest);
  const from = random.below(frames - width + 1);
  return { from, to: from + width };
}

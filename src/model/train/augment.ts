import { MEL_BANDS } from '../../stream/mel.ts';
import { MEL_PARTS } from './clip-mel.ts';
import type { Random } from './random.ts';

/** Gains that the tables hold, in dB. */
const LOWEST_DB = -15;
const HIGHEST_DB = 12;

/** For each gain: what a stored mel value becomes, log10(1 + gain · (10^y − 1)). Exact, as y keeps the power. */
const TABLES: readonly Float32Array[] = Array.from({ length: HIGHEST_DB - LOWEST_DB + 1 }, (_, i) =>
  createTable(LOWEST_DB + i),
);

function createTable(gainDb: number): Float32Array {
  const gain = 10 ** (gainDb / 10);
  return Float32Array.from({ length: 0x10000 }, (_, value) =>
    Math.log10(1 + gain * (10 ** (value / MEL_PARTS) - 1)),
  );
}

/** How a stretch of audio is made to sound: a table for each band, undefined where the band is muted. */
export type Colour = readonly (Float32Array | undefined)[];

export interface AugmentOptions {
  /** Standard deviation of the overall gain in dB: recordings are not all mastered alike. */
  readonly gainDb: number;
  /** Largest difference in dB between lowest and highest band: rooms, microphones and equalisers. */
  readonly tiltDb: number;
  /** Chance that a run of bands is muted. */
  readonly muteChance: number;
  readonly muteBands: number;
}

/** The sound as it was recorded. */
export const PLAIN: Colour = Array.from({ length: MEL_BANDS }, () => tableOf(0));

export function randomColour(random: Random, options: AugmentOptions): Colour {
  const gain = random.normal() * options.gainDb;
  const tilt = random.between(-1, 1) * options.tiltDb;
  const muted = random.chance(options.muteChance) ? 1 + random.below(options.muteBands) : 0;
  const first = random.below(MEL_BANDS - muted);
  return PLAIN.map((_, b) =>
    b >= first && b < first + muted ? undefined : tableOf(gain + tilt * (b / (MEL_BANDS - 1) - 0.5)),
  );
}

/** Writes stored frames to `out` from `at` on, as they sound through `colour`. */
export function writeColoured(frames: Uint16Array, colour: Colour, out: Float32Array, at: number): void {
  for (let b = 0; b < MEL_BANDS; b++) {
    const table = colour[b];
    for (let i = b; i < frames.length; i += MEL_BANDS) out[at + i] = table ? table[frames[i]!]! : 0;
  }
}

function tableOf(gainDb: number): Float32Array {
  const i = Math.round(Math.min(HIGHEST_DB, Math.max(LOWEST_DB, gainDb))) - LOWEST_DB;
  return TABLES[i]!;
}

import { HOP_SECONDS, MEL_BANDS } from '../../../src/stream/mel.ts';
import { MEL_PARTS } from '../features/stored.ts';
import type { Random } from '../random.ts';
import { addBackground, type Background, randomBackground } from './background.ts';

export interface ColourOptions {
  /** Standard deviation of the overall gain in dB: recordings are not all mastered alike. */
  readonly gainDb: number;
  /** Largest difference in dB between lowest and highest band: rooms, microphones and equalisers. */
  readonly tiltDb: number;
  /** Standard deviation in dB of a smooth random curve over the bands. */
  readonly equaliserDb: number;
  /** Chance that there is noise behind a piece, and how far under it, in dB: lowest and highest. */
  readonly noiseChance: number;
  readonly noiseSnrDb: readonly [number, number];
  /** Chance that a run of bands is muted, and the most bands of it. */
  readonly muteChance: number;
  readonly muteBands: number;
  /** Chance of a gap, and the longest one. */
  readonly timeMaskChance: number;
  readonly timeMaskMs: number;
}

/** How a stretch of audio is made to sound, all of it exact on mel power but for what `addBackground` says. */
export interface Colour {
  /** [MEL_BANDS] */
  readonly gainDb: Float32Array;
  readonly background?: Background;
  readonly bands: Mask;
  readonly gap: Mask;
}

const NOTHING: Mask = { from: 0, to: 0 };

/** The sound as it was recorded. */
export const PLAIN: Colour = { gainDb: new Float32Array(MEL_BANDS), bands: NOTHING, gap: NOTHING };

/** @param frames length of the stretch that will be coloured */
export function randomColour(random: Random, options: ColourOptions, frames: number): Colour {
  const gain = random.normal() * options.gainDb;
  const tilt = tiltCurve(random, options.tiltDb);
  const curve = options.equaliserDb > 0 ? smoothCurve(random, options.equaliserDb) : PLAIN.gainDb;
  const bands = frequencyMask(random, options.muteChance, options.muteBands);
  const gap =
    options.timeMaskChance > 0
      ? timeMask(random, options.timeMaskChance, options.timeMaskMs, frames)
      : NOTHING;
  const noisy = options.noiseChance > 0 && random.chance(options.noiseChance);
  return {
    gainDb: tilt.map((db, b) => gain + db + curve[b]!),
    ...(noisy ? { background: randomBackground(random, options.noiseSnrDb) } : {}),
    bands,
    gap,
  };
}

/** Writes stored frames to `out` from `at` on, as they sound through `colour`. */
export function writeColoured(frames: Uint16Array, colour: Colour, out: Float32Array, at: number): void {
  const { gainDb, background, bands, gap } = colour;
  const end = at + frames.length;
  for (let b = 0; b < MEL_BANDS; b++) {
    const db = gainDb[b]!;
    if (Math.round(db) === 0)
      for (let i = b; i < frames.length; i += MEL_BANDS) out[at + i] = frames[i]! / MEL_PARTS;
    else {
      const table = gainTable(db);
      for (let i = b; i < frames.length; i += MEL_BANDS) out[at + i] = table[frames[i]!]!;
    }
  }
  if (background) addNoise(out.subarray(at, end), background);
  if (bands.to > bands.from) {
    for (let row = at; row < end; row += MEL_BANDS) out.fill(0, row + bands.from, row + bands.to);
  }
  out.fill(0, at + gap.from * MEL_BANDS, Math.min(end, at + gap.to * MEL_BANDS));
}

/** The same on log power, in place. */
function addNoise(mel: Float32Array, background: Background): void {
  const power = mel.map((y) => 10 ** y - 1);
  addBackground(power, background);
  for (const [i, p] of power.entries()) mel[i] = Math.log10(1 + p);
}

/** Points that a smooth curve goes through, evenly over the mel bands: about as many as a graphic equaliser has octaves. */
const KNOTS = 8;

/** dB for each band: a straight line over the mel bands, from -x/2 to +x/2 with x up to ±`largestDb`. */
export function tiltCurve(random: Random, largestDb: number): Float32Array {
  const tilt = random.between(-1, 1) * largestDb;
  return Float32Array.from({ length: MEL_BANDS }, (_, b) => tilt * (b / (MEL_BANDS - 1) - 0.5));
}

/**
 * dB for each band: a smooth curve (cosine between `KNOTS` normal numbers of standard deviation `sdDb`) whose
 * mean is 0, so that it changes the colour and not the loudness of white sound.
 */
export function smoothCurve(random: Random, sdDb: number): Float32Array {
  const knots = Array.from({ length: KNOTS }, () => sdDb * random.normal());
  const curve = Float32Array.from({ length: MEL_BANDS }, (_, b) => {
    const at = (b / (MEL_BANDS - 1)) * (KNOTS - 1);
    const left = Math.min(KNOTS - 2, Math.floor(at));
    const share = (1 - Math.cos(Math.PI * (at - left))) / 2;
    return knots[left]! + share * (knots[left + 1]! - knots[left]!);
  });
  const mean = curve.reduce((sum, db) => sum + db, 0) / MEL_BANDS;
  return curve.map((db) => db - mean);
}

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

/** Gains beyond these are held to them, in dB. */
export const LOWEST_DB = -40;
export const HIGHEST_DB = 40;

const tables = new Map<number, Float32Array>();

/**
 * For each stored mel value v: what it becomes when the sound is `gainDb` louder, log10(1 + gain · (10^y − 1))
 * with y = v / MEL_PARTS. Exact, as y keeps the power; to the nearest dB. Made when first asked for, 256 KiB each.
 */
export function gainTable(gainDb: number): Float32Array {
  const db = Math.round(Math.min(HIGHEST_DB, Math.max(LOWEST_DB, gainDb)));
  const made = tables.get(db);
  if (made) return made;
  const gain = 10 ** (db / 10);
  const table = Float32Array.from({ length: 0x10000 }, (_, value) =>
    Math.log10(1 + gain * (10 ** (value / MEL_PARTS) - 1)),
  );
  tables.set(db, table);
  return table;
}

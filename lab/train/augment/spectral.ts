import { HOP_SECONDS, MEL_BANDS } from '../../../src/stream/mel.ts';
import { MEL_PARTS } from '../features/stored.ts';
import type { Random } from '../random.ts';
import { addBackground, type Background, randomBackground } from './background.ts';

export interface SpectralOptions {
  /** Standard deviation of the overall gain in dB, as recordings differ in mastering. */
  readonly gainDb: number;
  /** Largest difference in dB between lowest and highest band: rooms, microphones and equalizers. */
  readonly tiltDb: number;
  /** Standard deviation in dB of a smooth random curve over the bands. */
  readonly equaliserDb: number;
  /** Probability of background noise in a piece. */
  readonly noiseChance: number;
  /** Lowest and highest signal-to-noise ratio in dB. */
  readonly noiseSnrDb: readonly [number, number];
  /** Probability that a run of bands is muted. */
  readonly muteChance: number;
  /** The most bands of such a run. */
  readonly muteBands: number;
  /** Probability of a gap. */
  readonly timeMaskChance: number;
  /** Length of the longest gap. */
  readonly timeMaskMs: number;
}

/** An augmentation of a stretch of audio, exact on mel power except for the noise (see `addBackground`). */
export interface SpectralAugmentation {
  /** [MEL_BANDS] */
  readonly gainDb: Float32Array;
  readonly background?: Background;
  readonly bands: Mask;
  readonly gap: Mask;
}

/** A run of bands or frames that is muted: from `from` up to, not including, `to`. */
interface Mask {
  readonly from: number;
  readonly to: number;
}

const NO_MASK: Mask = { from: 0, to: 0 };

/** Audio as recorded. */
export const NO_AUGMENTATION: SpectralAugmentation = {
  gainDb: new Float32Array(MEL_BANDS),
  bands: NO_MASK,
  gap: NO_MASK,
};

/** Draws an augmentation. @param frames length of the stretch that it is for */
export function randomSpectral(
  random: Random,
  options: SpectralOptions,
  frames: number,
): SpectralAugmentation {
  const gain = random.normal() * options.gainDb;
  const tilt = tiltCurve(random, options.tiltDb);
  const curve = options.equaliserDb > 0 ? smoothCurve(random, options.equaliserDb) : NO_AUGMENTATION.gainDb;
  const bands = frequencyMask(random, options.muteChance, options.muteBands);
  const gap =
    options.timeMaskChance > 0
      ? timeMask(random, options.timeMaskChance, options.timeMaskMs, frames)
      : NO_MASK;
  const noisy = options.noiseChance > 0 && random.chance(options.noiseChance);
  return {
    gainDb: tilt.map((db, b) => gain + db + curve[b]!),
    ...(noisy ? { background: randomBackground(random, options.noiseSnrDb) } : {}),
    bands,
    gap,
  };
}

/** Writes stored frames to `out` from `at` on, augmented. */
export function writeAugmented(
  frames: Uint16Array,
  spectral: SpectralAugmentation,
  out: Float32Array,
  at: number,
): void {
  const { gainDb, background, bands, gap } = spectral;
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

/** `addBackground` on log power, in place. */
function addNoise(mel: Float32Array, background: Background): void {
  const power = mel.map((y) => 10 ** y - 1);
  addBackground(power, background);
  for (const [i, p] of power.entries()) mel[i] = Math.log10(1 + p);
}

/** dB for each band: a straight line over the mel bands, from -x/2 to +x/2 with x up to ±`largestDb`. */
export function tiltCurve(random: Random, largestDb: number): Float32Array {
  const tilt = random.between(-1, 1) * largestDb;
  return Float32Array.from({ length: MEL_BANDS }, (_, b) => tilt * (b / (MEL_BANDS - 1) - 0.5));
}

/** Knots of a smooth curve, evenly over the mel bands: about as many as a graphic equalizer has octaves. */
const KNOTS = 8;

/**
 * dB for each band: a smooth curve (cosine between `KNOTS` normal numbers of standard deviation `sdDb`) with mean 0,
 * so that the overall gain stays the same.
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

/** With probability `chance`, up to `mostBands` neighboring bands. */
export function frequencyMask(random: Random, chance: number, mostBands: number): Mask {
  if (!random.chance(chance) || mostBands < 1) return NO_MASK;
  const width = 1 + random.below(mostBands);
  const from = random.below(MEL_BANDS - width + 1);
  return { from, to: from + width };
}

/** With probability `chance`, a gap of up to `longestMs` somewhere in `frames` frames. */
export function timeMask(random: Random, chance: number, longestMs: number, frames: number): Mask {
  const longest = Math.min(frames, Math.round(longestMs / 1000 / HOP_SECONDS));
  if (!random.chance(chance) || longest < 1) return NO_MASK;
  const width = 1 + random.below(longest);
  const from = random.below(frames - width + 1);
  return { from, to: from + width };
}

/** Gains are clipped to this range, in dB. */
const LOWEST_DB = -40;
const HIGHEST_DB = 40;

const tables = new Map<number, Float32Array>();

/**
 * The stored mel value v after a gain, log10(1 + gain · (10^y − 1)) with y = v / MEL_PARTS, for every v. Exact for
 * gains rounded to 1 dB. Computed on first use; 256 KiB each.
 */
export function gainTable(gainDb: number): Float32Array {
  const db = Math.round(Math.min(HIGHEST_DB, Math.max(LOWEST_DB, gainDb)));
  const known = tables.get(db);
  if (known) return known;
  const gain = 10 ** (db / 10);
  const table = Float32Array.from({ length: 0x10000 }, (_, value) =>
    Math.log10(1 + gain * (10 ** (value / MEL_PARTS) - 1)),
  );
  tables.set(db, table);
  return table;
}

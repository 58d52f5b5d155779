import { MEL_BANDS } from '../../../stream/mel.ts';
import type { Random } from '../random.ts';
import { MEL_PARTS } from '../stored-mel.ts';
import { addBackground, type Background, randomBackground } from './background.ts';
import { smoothCurve, tiltCurve } from './equaliser.ts';
import { gainTable } from './gain.ts';
import { frequencyMask, type Mask, timeMask } from './masks.ts';

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

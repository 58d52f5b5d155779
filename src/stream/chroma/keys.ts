import { PITCH_CLASSES } from './chroma-frames.ts';

/** The key profiles of Krumhansl & Kessler (1982): how well each pitch class fits a key, from its tonic on. */
const MAJOR = standardized([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]);
const MINOR = standardized([6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]);

/** The key of each mode whose profile correlates best with a chroma. */
export interface BestKeys {
  /** Pitch class of the tonic. */
  major: number;
  minor: number;
  /** The correlations, -1 … 1; 0 for a flat chroma. */
  majorFit: number;
  minorFit: number;
}

/** Fills `best` for the chroma in `means[at … at + 11]`. */
export function findKeys(means: Float64Array, at: number, best: BestKeys): void {
  let mean = 0;
  for (let c = 0; c < PITCH_CLASSES; c++) mean += means[at + c]! / PITCH_CLASSES;
  let squares = 0;
  for (let c = 0; c < PITCH_CLASSES; c++) squares += (means[at + c]! - mean) ** 2;
  // The profiles have mean 0 and norm 1, so this is the correlation.
  const scale = squares > 1e-18 ? 1 / Math.sqrt(squares) : 0;
  best.major = 0;
  best.minor = 0;
  best.majorFit = Number.NEGATIVE_INFINITY;
  best.minorFit = Number.NEGATIVE_INFINITY;
  for (let key = 0; key < PITCH_CLASSES; key++) {
    let major = 0;
    let minor = 0;
    for (let i = 0; i < PITCH_CLASSES; i++) {
      const strength = means[at + ((key + i) % PITCH_CLASSES)]! * scale;
      major += MAJOR[i]! * strength;
      minor += MINOR[i]! * strength;
    }
    if (major > best.majorFit) {
      best.majorFit = major;
      best.major = key;
    }
    if (minor > best.minorFit) {
      best.minorFit = minor;
      best.minor = key;
    }
  }
}

function standardized(profile: readonly number[]): Float64Array {
  const mean = profile.reduce((sum, x) => sum + x, 0) / profile.length;
  const norm = Math.sqrt(profile.reduce((sum, x) => sum + (x - mean) ** 2, 0));
  return Float64Array.from(profile, (x) => (x - mean) / norm);
}

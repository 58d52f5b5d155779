import { MEL_BANDS } from '../../../stream/mel.ts';
import type { Random } from '../random.ts';

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

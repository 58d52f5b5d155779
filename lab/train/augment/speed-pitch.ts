import type { FftPlans } from '../../../src/stream/fft.ts';
import { GridSpectrum } from '../../../src/stream/grid-spectrum.ts';
import { HOP_SECONDS, MEL_BANDS, MEL_BANK, MEL_GRID } from '../../../src/stream/mel.ts';
import { sumBands } from '../../../src/stream/mel-bands.ts';
import { Random } from '../random.ts';

/** Changes of speed and pitch, independent of each other. */
export interface SpeedPitch {
  /** Tempo: 1.1 is 10 % faster. */
  readonly speed: number;
  /** Factor on all frequencies: 1.06 is about a semitone higher. */
  readonly pitch: number;
}

export const UNCHANGED: SpeedPitch = { speed: 1, pitch: 1 };

export interface VariantOptions {
  /**
   * Number of augmented variants of each clip whose features are extracted and cached, besides the clip as recorded;
   * each piece of an epoch is taken from one of them. Memory and cache grow with it.
   */
  readonly soundVariants: number;
  /** Largest change of tempo in percent, pitch unchanged. */
  readonly speedPercent: number;
  /** Largest change of pitch in cents (100 are a semitone), tempo unchanged. */
  readonly pitchCents: number;
}

/** A variant of a clip, and a source of random numbers for its other augmentations. */
interface Variant {
  readonly speedPitch: SpeedPitch;
  readonly random: Random;
}

/**
 * Draws variants of a clip. They depend on the clip's name only, not on the seed of the training, so that every
 * training finds their features in the cache.
 *
 * @param clip name of the clip
 */
export function drawVariants(
  clip: string,
  { soundVariants, speedPercent, pitchCents }: VariantOptions,
): Variant[] {
  return Array.from({ length: soundVariants }, (_, i) => {
    const random = Random.of(`variant/${clip}/${i}`);
    // In steps of 0.1 % and 5 cents: finer differences are inaudible.
    const speed = 1 + Math.round(10 * random.between(-speedPercent, speedPercent)) / 1000;
    const cents = 5 * Math.round(random.between(-pitchCents, pitchCents) / 5);
    return {
      speedPitch: cents === 0 && speed === 1 ? UNCHANGED : { speed, pitch: 2 ** (cents / 1200) },
      random,
    };
  });
}

/**
 * Mel frames of samples at another speed and pitch.
 *
 * Only the spectrum is needed, so nothing is resynthesized: a window that is read as if its sample rate were `pitch`
 * times the true one has all its frequencies times `pitch`, and windows that begin `speed` hops apart go through the
 * piece `speed` times as fast. A real instrument would keep its formants and the length of its attacks; this is not
 * modeled. A pitch under 1 lowers the upper limit of the spectrum: there is no content above half the sample rate.
 *
 * @param mono samples at `sampleRateHz`
 * @returns [frames, MEL_BANDS] log10(1 + 10⁴ · power), as `MelFrames` computes it
 */
export function speedPitchMel(
  plans: FftPlans,
  mono: Float32Array,
  sampleRateHz: number,
  { speed, pitch }: SpeedPitch,
): Float32Array {
  const spectrum = new GridSpectrum(plans, Math.round(sampleRateHz * pitch), MEL_GRID);
  const hop = HOP_SECONDS * sampleRateHz * speed;
  const frames: number[] = [];
  const sums = new Float64Array(MEL_BANDS);
  for (let j = 0; ; j++) {
    const start = j * hop;
    const from = Math.ceil(start - 1e-9);
    const phase = Math.min(124, Math.max(0, Math.round((from - start) * 125)));
    if (from + spectrum.spanOf(phase) > mono.length) return Float32Array.from(frames);
    spectrum.compute(mono, from, phase);
    sumBands(MEL_BANK, spectrum.power, sums);
    for (const sum of sums) frames.push(Math.log10(1 + 1e4 * sum));
  }
}

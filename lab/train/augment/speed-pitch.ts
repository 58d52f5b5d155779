import { createHash } from 'node:crypto';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { GridSpectrum } from '../../../src/stream/grid-spectrum.ts';
import { HOP_SECONDS, MEL_BANDS, MEL_BANK, MEL_GRID } from '../../../src/stream/mel.ts';
import { sumBands } from '../../../src/stream/mel-bands.ts';
import { Random } from '../random.ts';

/** How a recording is played: 1 and 1 is as it is. */
export interface Playing {
  /** Tempo: 1.1 plays a tenth faster. */
  readonly speed: number;
  /** All frequencies times this: 1.06 is about a semitone higher. */
  readonly pitch: number;
}

export const AS_RECORDED: Playing = { speed: 1, pitch: 1 };

/**
 * Mel frames of samples as they would be heard at another tempo and another pitch, each without the other.
 *
 * Nothing is resynthesised, as only the spectrum is wanted: a window read as if its sample rate were `pitch`
 * times the true one has all its frequencies times `pitch`, and windows that begin `speed` hops apart go
 * through the piece `speed` times as fast. What a real instrument would do besides (formants stay, attacks
 * keep their length) is not imitated. A pitch under 1 moves the top of the band down: what lies above half
 * the source's rate is not there.
 *
 * @param mono samples at `sampleRateHz`
 * @returns [frames, MEL_BANDS] log10(1 + 10⁴ · power) as `MelFrames` gives it
 */
export function playedMel(
  plans: FftPlans,
  mono: Float32Array,
  sampleRateHz: number,
  { speed, pitch }: Playing,
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

export interface VariantOptions {
  /**
   * How many altered renderings of each clip are heard and kept in the cache, besides the clip as it was
   * recorded; each piece of an epoch is taken from one of them. Memory and cache grow with it.
   */
  readonly soundVariants: number;
  /** Largest change of tempo in a rendering, in percent, pitch unchanged. */
  readonly speedPercent: number;
  /** Largest change of pitch in a rendering, in cents (100 are a semitone), tempo unchanged. */
  readonly pitchCents: number;
}

/** One altered rendering: how it is played, and a source of what else is drawn for it. */
export interface Variant {
  readonly playing: Playing;
  readonly random: Random;
}

/**
 * The same renderings of a clip in every training, whatever its seed, so that the cache has them.
 *
 * @param clip names the clip
 */
export function variantsOf(
  clip: string,
  { soundVariants, speedPercent, pitchCents }: VariantOptions,
): Variant[] {
  return Array.from({ length: soundVariants }, (_, i) => {
    const hash = createHash('sha256').update(`variant/${clip}/${i}`).digest();
    const random = new Random(hash.readUInt32BE(0));
    // In steps of a thousandth and of 5 cents: finer differences nobody hears.
    const speed = 1 + Math.round(10 * random.between(-speedPercent, speedPercent)) / 1000;
    const cents = 5 * Math.round(random.between(-pitchCents, pitchCents) / 5);
    return {
      playing: cents === 0 && speed === 1 ? AS_RECORDED : { speed, pitch: 2 ** (cents / 1200) },
      random,
    };
  });
}

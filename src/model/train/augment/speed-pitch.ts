import type { FftPlans } from '../../../stream/fft.ts';
import { GridSpectrum } from '../../../stream/grid-spectrum.ts';
import { HOP_SECONDS, MEL_BANDS, MEL_BANK, MEL_GRID } from '../../../stream/mel.ts';
import { sumBands } from '../../../stream/mel-bands.ts';

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

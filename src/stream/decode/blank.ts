import type { AudioFormat } from '../../types.ts';
import type { Decoded } from './decoder.ts';

/**
 * Time that could not be decoded: NaN in every channel, which later counts as silence and is reported as a gap.
 *
 * @param frames samples per channel
 */
export function blank({ sampleRateHz, channels }: AudioFormat, frames: number): Decoded[number] {
  return {
    sampleRateHz,
    channels,
    samples: new Float32Array(Math.round(frames) * channels).fill(Number.NaN),
  };
}

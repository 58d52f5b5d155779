/** Samples louder than this (+24 dB over full scale) are no audio; wrongly declared formats make them. */
export const LOUDEST_SAMPLE = 16;

/**
 * Replaces what is no audio (NaN, infinities, anything past ±16) by 0, in a copy if there is any.
 *
 * @returns the samples to use and how many were replaced
 */
export function sanitise(samples: Float32Array): { samples: Float32Array; replaced: number } {
  let replaced = 0;
  let clean = samples;
  for (let i = 0; i < samples.length; i++) {
    // A comparison with NaN is false, so this catches NaN too.
    if (Math.abs(samples[i]!) <= LOUDEST_SAMPLE) continue;
    if (replaced === 0) clean = samples.slice();
    clean[i] = 0;
    replaced++;
  }
  return { samples: clean, replaced };
}

import { bitsOf, hasLarger } from './larger-sample.ts';

/** Samples louder than this (+24 dB over full scale) are not audio: a wrongly declared format produces them. */
const MAX_ABS_SAMPLE = 16;
const BOUND = bitsOf(MAX_ABS_SAMPLE);

/**
 * Replaces samples that are not audio (NaN, infinities, beyond ±16) by 0.
 *
 * @returns the clean samples (a copy if any were replaced) and how many were replaced
 */
export function sanitize(samples: Float32Array): { samples: Float32Array; replaced: number } {
  if (!hasLarger(samples, BOUND)) return { samples, replaced: 0 };
  const clean = samples.slice();
  let replaced = 0;
  for (let i = 0; i < clean.length; i++) {
    // A comparison with NaN is false, so this catches NaN too.
    if (Math.abs(clean[i]!) <= MAX_ABS_SAMPLE) continue;
    clean[i] = 0;
    replaced++;
  }
  return { samples: clean, replaced };
}

/**
 * Mixes channels down to their mean.
 *
 * @param interleaved [frames · channels]
 * @param mono filled with the result; at least `frames` long
 * @returns the filled part of `mono`, or `interleaved` itself if there is one channel
 */
export function mixToMono(interleaved: Float32Array, channels: number, mono: Float32Array): Float32Array {
  if (channels === 1) return interleaved;
  const frames = interleaved.length / channels;
  const scale = 1 / channels;
  if (channels === 2) {
    for (let i = 0, s = 0; i < frames; i++, s += 2) mono[i] = 0.5 * (interleaved[s]! + interleaved[s + 1]!);
  } else {
    for (let i = 0, s = 0; i < frames; i++) {
      let sum = 0;
      for (let c = 0; c < channels; c++) sum += interleaved[s++]!;
      mono[i] = sum * scale;
    }
  }
  return mono.subarray(0, frames);
}

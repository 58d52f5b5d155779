import { Random } from '../random.ts';

/**
 * Adds white Gaussian noise to samples, in place. What is silent altogether stays silent, as no ratio to it
 * can be had.
 *
 * @param snrDb power of all the samples over power of the noise
 */
export function addWhiteNoise(samples: Float32Array, snrDb: number, seed: number): void {
  let power = 0;
  for (const x of samples) power += x * x;
  const sd = Math.sqrt(power / samples.length / 10 ** (snrDb / 10));
  const random = new Random(seed);
  for (let i = 0; i < samples.length; i++) samples[i]! += sd * random.normal();
}

/**
 * Shannon entropy of how power is spread over the bins, over its largest value: 0 for a single bin, 1 for white noise.
 *
 * @param amplitudes of which at least one is not 0
 */
export function spectralEntropy(amplitudes: Float32Array): number {
  let total = 0;
  for (const amplitude of amplitudes) total += amplitude * amplitude;
  let entropy = 0;
  for (const amplitude of amplitudes) {
    const share = (amplitude * amplitude) / total;
    if (share > 0) entropy -= share * Math.log(share);
  }
  return entropy / Math.log(amplitudes.length);
}

/** How much louder bins have become since the frame before, per bin; what became quieter does not count. */
export function spectralFlux(amplitudes: Float32Array, before: Float32Array): number {
  let sum = 0;
  for (const [bin, amplitude] of amplitudes.entries()) sum += Math.max(0, amplitude - before[bin]!);
  return sum / amplitudes.length;
}

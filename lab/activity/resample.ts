/** Zero crossings of the sinc on either side; with a Hann window, images are below −60 dB. */
const LOBES = 16;

/**
 * Resamples a whole recording with a windowed sinc. The cut-off is at 95 % of the lower Nyquist frequency. Only for
 * preparing material: live audio is never resampled.
 */
export function resample(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  if (fromHz === toHz) return samples;
  const cutoff = 0.95 * Math.min(1, toHz / fromHz);
  const reach = Math.ceil(LOBES / cutoff);
  // The phases repeat, so there is one kernel per phase.
  const phases = toHz / gcd(fromHz, toHz);
  const kernels = Array.from({ length: phases }, (_, p) => kernelOf(p / phases, cutoff, reach));
  const out = new Float32Array(Math.floor((samples.length * toHz) / fromHz));
  for (let i = 0; i < out.length; i++) {
    const at = (i * fromHz) / toHz;
    const whole = Math.floor(at + 1e-9);
    const kernel = kernels[Math.round((at - whole) * phases) % phases]!;
    const first = whole - reach + 1;
    let sum = 0;
    for (let k = Math.max(0, -first); k < kernel.length && first + k < samples.length; k++) {
      sum += kernel[k]! * samples[first + k]!;
    }
    out[i] = sum;
  }
  return out;
}

/** [2 · reach] weights of the samples from `reach − 1` before to `reach` after. */
function kernelOf(phase: number, cutoff: number, reach: number): Float32Array {
  const kernel = Float32Array.from({ length: 2 * reach }, (_, k) => {
    const x = k - reach + 1 - phase;
    const hann = Math.cos((Math.PI * x) / (2 * reach)) ** 2;
    const argument = Math.PI * cutoff * x;
    return hann * (Math.abs(argument) < 1e-9 ? 1 : Math.sin(argument) / argument);
  });
  const sum = kernel.reduce((a, b) => a + b, 0);
  return kernel.map((weight) => weight / sum);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

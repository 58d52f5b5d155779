import { createKernels } from './kernels/kernels.ts';

/** Sparse triangular filters: band b weighs bins `first[b] … first[b] + count[b] - 1`. */
export interface MelBank {
  readonly bands: number;
  /** [bands] */
  readonly first: Int32Array;
  /** [bands] */
  readonly count: Int32Array;
  /** The weights of all bands, one band after the other. */
  readonly weights: Float32Array;
}

const HZ_PER_MEL = 200 / 3;
const BREAK_HZ = 1000;
const BREAK_MEL = BREAK_HZ / HZ_PER_MEL;
const LOG_STEP = Math.log(6.4) / 27;

/** Slaney's mel scale (Auditory Toolbox, 1998; the default of librosa): linear to 1 kHz, logarithmic above. */
export function hzToMel(hz: number): number {
  return hz < BREAK_HZ ? hz / HZ_PER_MEL : BREAK_MEL + Math.log(hz / BREAK_HZ) / LOG_STEP;
}

export function melToHz(mel: number): number {
  return mel < BREAK_MEL ? mel * HZ_PER_MEL : BREAK_HZ * Math.exp(LOG_STEP * (mel - BREAK_MEL));
}

/** HTK's mel scale, logarithmic throughout. */
function hzToHtkMel(hz: number): number {
  return 2595 * Math.log10(1 + hz / 700);
}

function htkMelToHz(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}

/**
 * Triangles of equal area (Slaney's normalization), as in `librosa.filters.mel(htk=False, norm='slaney')`.
 *
 * @param bands number of bands
 * @param bins number of spectrum bins, from 0 Hz on
 * @param binHz distance between two bins in Hz
 * @param topHz upper edge of the last band; the lower edge of the first is 0 Hz
 */
export function createMelBank(bands: number, bins: number, binHz: number, topHz: number): MelBank {
  const topMel = hzToMel(topHz);
  const edges = Array.from({ length: bands + 2 }, (_, i) => melToHz((topMel * i) / (bands + 1)));
  return triangles(edges, bins, binHz, (low, high) => 2 / (high - low));
}

/** Triangles of height 1 on HTK's scale, as in `torchaudio.functional.melscale_fbanks(mel_scale='htk', norm=None)`. */
export function createHtkBank(bands: number, bins: number, binHz: number, topHz: number): MelBank {
  const topMel = hzToHtkMel(topHz);
  const edges = Array.from({ length: bands + 2 }, (_, i) => htkMelToHz((topMel * i) / (bands + 1)));
  return triangles(edges, bins, binHz, () => 1);
}

/** @param edges [bands + 2] in Hz: each band rises from one edge to the next and falls to the one after it */
function triangles(
  edges: readonly number[],
  bins: number,
  binHz: number,
  heightOf: (lowHz: number, highHz: number) => number,
): MelBank {
  const bands = edges.length - 2;
  const first = new Int32Array(bands);
  const count = new Int32Array(bands);
  const weights: number[] = [];
  for (let b = 0; b < bands; b++) {
    const [low, mid, high] = [edges[b]!, edges[b + 1]!, edges[b + 2]!];
    const height = heightOf(low, high);
    for (let k = 0; k < bins; k++) {
      const hz = k * binHz;
      const weight = Math.min((hz - low) / (mid - low), (high - hz) / (high - mid));
      if (weight <= 0) continue;
      if (count[b] === 0) first[b] = k;
      count[b]!++;
      weights.push(weight * height);
    }
  }
  return { bands, first, count, weights: Float32Array.from(weights) };
}

/** What is made of a band's power: factor · ln(max(least, offset + scale · power)). */
export interface BandScale {
  readonly scale: number;
  readonly offset: number;
  /** A positive normal float32. */
  readonly least: number;
  readonly factor: number;
}

/**
 * Sums the power of each band and takes the logarithm, with SIMD, to 1e-6.
 *
 * @param bins length of the spectrum
 * @returns [bands] of a spectrum's power, valid until the next call
 */
export function createLogBands(
  { bands, first, count, weights }: MelBank,
  bins: number,
  { scale, offset, least, factor }: BandScale,
): (power: Float32Array) => Float32Array {
  const padded = count.map((n) => Math.max(4, Math.ceil(n / 4) * 4));
  const total = padded.reduce((sum, n) => sum + n, 0);
  const [powerAt, tableAt] = [0, BYTES * (bins + 4)];
  const weightsAt = tableAt + BYTES * 2 * bands;
  const outAt = weightsAt + BYTES * total;
  const kernels = createKernels(outAt + BYTES * bands);
  const input = kernels.floats(powerAt, bins);
  const table = kernels.integers(tableAt, 2 * bands);
  const placed = kernels.floats(weightsAt, total);
  const out = kernels.floats(outAt, bands);
  for (let b = 0, from = 0, to = 0; b < bands; b++) {
    table[2 * b] = BYTES * first[b]!;
    table[2 * b + 1] = BYTES * padded[b]!;
    placed.set(weights.subarray(from, from + count[b]!), to);
    from += count[b]!;
    to += padded[b]!;
  }
  return (power) => {
    input.set(power);
    kernels.logBands(powerAt, tableAt, weightsAt, bands, outAt, scale, offset, least, factor);
    return out;
  };
}

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Fills `sums` [bands] with the weighted power of each band. */
export function sumBands(
  { bands, first, count, weights }: MelBank,
  power: Float32Array,
  sums: Float64Array,
): void {
  for (let b = 0, w = 0; b < bands; b++) {
    const end = first[b]! + count[b]!;
    let sum = 0;
    for (let k = first[b]!; k < end; k++) sum += weights[w++]! * power[k]!;
    sums[b] = sum;
  }
}

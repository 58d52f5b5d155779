import { createKernels } from '../stream/kernels/kernels.ts';
import { HOP_SECONDS, MEL_BANDS } from '../stream/mel.ts';
import { WINDOW_FRAMES } from '../stream/mel-ring.ts';
import { type PackedLayer, packLayer, placeLayer, sizeOfLayer } from './kernels/dense-layer.ts';
import { createLayerKernels } from './kernels/layer-kernels.ts';

/** Number of groups of 8 neighboring bands whose rhythm is measured. */
export const RHYTHM_GROUPS: number = MEL_BANDS / 8;
/** The pulse rates in Hz: 16 from 0.7 to 12 Hz (42 to 720 beats per minute), evenly spaced in log frequency. */
export const RHYTHM_RATES: readonly number[] = Array.from(
  { length: 16 },
  (_, i) => 0.7 * (12 / 0.7) ** (i / 15),
);

const RATES = RHYTHM_RATES.length;

/** Index of the middle of the window, and the number of frames on either side of it. */
const HALF = (WINDOW_FRAMES - 1) / 2;
/**
 * A magnitude does not depend on the origin of the phase. With the origin in the middle, half the products suffice: cosines
 * with the sums of the onsets at equal distance from the middle, and sines with their differences.
 */
const SIDE = HALF + 1;
const WAVES: PackedLayer = createWaves();

/** A dense layer [2 · SIDE, 2 · RATES]: Hann-windowed cosines of each rate for the sums, then sines for the differences. */
function createWaves(): PackedLayer {
  const values = new Float32Array(2 * SIDE * 2 * RATES);
  for (const [r, rateHz] of RHYTHM_RATES.entries()) {
    for (let i = 0; i < SIDE; i++) {
      const hann = Math.cos((Math.PI * i) / (WINDOW_FRAMES - 1)) ** 2;
      const phase = 2 * Math.PI * rateHz * i * HOP_SECONDS;
      values[i * 2 * RATES + r] = hann * Math.cos(phase);
      values[(SIDE + i) * 2 * RATES + RATES + r] = hann * Math.sin(phase);
    }
  }
  return packLayer({ shape: [2 * SIDE, 2 * RATES], values }, new Float32Array(2 * RATES));
}

/** How strongly onsets pulse at each rate in each group of bands: the magnitude of a Fourier sum. */
export class Rhythm {
  readonly #onsets = new Float32Array(WINDOW_FRAMES);
  readonly #levels = createLevels();
  readonly #transform = createTransform();

  /** Writes RHYTHM_GROUPS · RHYTHM_RATES.length numbers to `out` from `at` on; for the parameters see `Summary`. */
  write(mel: Float32Array, frames: number, out: Float32Array, at: number): void {
    const levels = this.#levels(mel);
    const { sides, sums } = this.#transform;
    for (let group = 0; group < RHYTHM_GROUPS; group++) {
      this.#measureOnsets(levels, frames, group);
      fold(this.#onsets, sides, group * 2 * SIDE);
    }
    this.#transform.run();
    for (let group = 0; group < RHYTHM_GROUPS; group++) {
      for (let r = 0; r < RATES; r++) {
        const cosine = sums[group * WAVES.columns + r]!;
        const sine = sums[group * WAVES.columns + RATES + r]!;
        out[at + group * RATES + r] = Math.sqrt(cosine * cosine + sine * sine); // Math.hypot takes as long as all the sums
      }
    }
  }

  /** The rises of a group's level from frame to frame, minus their mean; 0 before the stream began. */
  #measureOnsets(levels: Float32Array, frames: number, group: number): void {
    const onsets = this.#onsets;
    onsets.fill(0);
    const first = WINDOW_FRAMES - frames;
    let before = levels[first * RHYTHM_GROUPS + group]!;
    let sum = 0;
    for (let i = first + 1; i < WINDOW_FRAMES; i++) {
      const level = levels[i * RHYTHM_GROUPS + group]!;
      onsets[i] = Math.max(0, level - before);
      sum += onsets[i]!;
      before = level;
    }
    const mean = sum / Math.max(1, frames - 1);
    for (let i = first + 1; i < WINDOW_FRAMES; i++) onsets[i]! -= mean;
  }
}

/** Writes the SIDE sums, then the SIDE differences of the onsets at equal distance from the middle. */
function fold(onsets: Float32Array, sides: Float32Array, at: number): void {
  sides[at] = onsets[HALF]!;
  sides[at + SIDE] = 0;
  for (let i = 1; i < SIDE; i++) {
    sides[at + i] = onsets[HALF + i]! + onsets[HALF - i]!;
    sides[at + SIDE + i] = onsets[HALF + i]! - onsets[HALF - i]!;
  }
}

/** A window of mel frames → [WINDOW_FRAMES, RHYTHM_GROUPS] the mean of each group's bands; valid until the next call. */
function createLevels(): (mel: Float32Array) => Float32Array {
  const size = WINDOW_FRAMES * MEL_BANDS;
  const count = WINDOW_FRAMES * RHYTHM_GROUPS;
  const outAt = Float32Array.BYTES_PER_ELEMENT * size;
  const kernels = createKernels(outAt + Float32Array.BYTES_PER_ELEMENT * count);
  const [input, levels] = [kernels.floats(0, size), kernels.floats(outAt, count)];
  return (mel) => {
    input.set(mel);
    kernels.means8(0, outAt, count);
    return levels;
  };
}

/** Multiplies `sides` [RHYTHM_GROUPS, 2 · SIDE] by the waves; `sums` is [RHYTHM_GROUPS, WAVES.columns]. */
function createTransform() {
  const { kernels, areas } = createLayerKernels({
    waves: sizeOfLayer(WAVES),
    sides: RHYTHM_GROUPS * 2 * SIDE,
    sums: RHYTHM_GROUPS * WAVES.columns,
  });
  const multiply = placeLayer(kernels, WAVES, areas.waves);
  return {
    sides: areas.sides.floats,
    sums: areas.sums.floats,
    run: () => multiply(areas.sides.at, RHYTHM_GROUPS, areas.sums.at),
  };
}

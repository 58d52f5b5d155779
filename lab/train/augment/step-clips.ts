import {
  CLIP_BANDS,
  CLIP_BANK,
  CLIP_FRAMES,
  CLIP_GRID,
  CLIP_HOP_SECONDS,
  firstWeight,
  lastWeight,
  writeClipFrame,
} from '../../../src/stream/clip-mel.ts';
import type { FftPlans } from '../../../src/stream/fft.ts';
import { type Grid, GridSpectrum } from '../../../src/stream/grid-spectrum.ts';
import { sumBands } from '../../../src/stream/mel-bands.ts';
import { STEP_SECONDS } from '../../../src/types.ts';
import { Random } from '../random.ts';
import type { SpeedPitch } from './speed-pitch.ts';

/** Windows start at the nearest 1/125 of a sample: each tempo needs other offsets, and each offset a table in memory. */
const GRID: Grid = { ...CLIP_GRID, phases: 125 };
/** Tolerance when sample times are compared, in samples. */
const TOLERANCE = 1e-6;

/**
 * The half-second clips of samples at another speed and pitch. Like `speedPitchMel`, nothing is resynthesized. A window
 * that extends over the start or end of its step is cut there, measured at the window's own sample rate.
 *
 * @param mono samples at `sampleRateHz`
 * @returns [steps, CLIP_FRAMES, CLIP_BANDS] ln(1 + mel power), as `StepClips` computes it, of all whole steps
 */
export function speedPitchClips(
  plans: FftPlans,
  mono: Float32Array,
  sampleRateHz: number,
  { speed, pitch }: SpeedPitch,
): Float32Array {
  const windowRateHz = Math.round(sampleRateHz * pitch);
  const spectrum = new GridSpectrum(plans, windowRateHz, GRID);
  const length = GRID.windowSeconds * windowRateHz;
  const input = new Float32Array(Math.ceil(length) + 1);
  const sums = new Float64Array(CLIP_BANDS);
  const steps = Math.floor(mono.length / (STEP_SECONDS * sampleRateHz * speed) + TOLERANCE);
  const clips = new Float32Array(steps * CLIP_FRAMES * CLIP_BANDS);
  for (let k = 0, at = 0; k < steps; k++) {
    for (let m = 0; m < CLIP_FRAMES; m++, at += CLIP_BANDS) {
      const sinceStep = m * CLIP_HOP_SECONDS;
      const middle = (k * STEP_SECONDS + sinceStep) * sampleRateHz * speed;
      const start = middle - length / 2;
      const from = Math.ceil(start - TOLERANCE);
      const phase = Math.min(GRID.phases - 1, Math.max(0, Math.round((from - start) * GRID.phases)));
      const stepStart = Math.ceil(middle - sinceStep * windowRateHz - TOLERANCE);
      const stepEnd = Math.ceil(middle + (STEP_SECONDS - sinceStep) * windowRateHz - TOLERANCE);
      const first = Math.max(from, stepStart, 0);
      const end = Math.max(first, Math.min(from + spectrum.spanOf(phase), stepEnd, mono.length));
      input.fill(0);
      input.set(mono.subarray(first, end), first - from);
      const secondsOf = (sample: number) => sinceStep + (sample - middle) / windowRateHz;
      if (first === stepStart) input[first - from]! *= firstWeight(secondsOf(first), windowRateHz);
      if (end === stepEnd) input[end - 1 - from]! *= lastWeight(secondsOf(end - 1), windowRateHz);
      spectrum.compute(input, 0, phase);
      sumBands(CLIP_BANK, spectrum.power, sums);
      writeClipFrame(sums, clips, at);
    }
  }
  return clips;
}

/**
 * Adds white Gaussian noise to samples, in place. Digital silence stays silent, as it has no signal-to-noise ratio.
 *
 * @param snrDb power of all samples over power of the noise
 */
export function addWhiteNoise(samples: Float32Array, snrDb: number, seed: number): void {
  let power = 0;
  for (const x of samples) power += x * x;
  const sd = Math.sqrt(power / samples.length / 10 ** (snrDb / 10));
  const random = new Random(seed);
  for (let i = 0; i < samples.length; i++) samples[i]! += sd * random.normal();
}

import { loadFft } from '../../../src/stream/fft.ts';
import { HOP_SECONDS, MEL_BANDS, MelFrames } from '../../../src/stream/mel.ts';
import { hzToMel, melToHz } from '../../../src/stream/mel-bands.ts';
import { Random } from '../random.ts';

/** Steepest fall of the noise's spectrum: 0 is white, 1 pink, 2 brown. */
const STEEPEST = 2;
const RATE_HZ = 16_000;
const SECONDS = 8;
const SEED = 20_261_120;

/** Center and width of each band in Hz. Power times width is a band's share of the total power. */
const EDGES = Array.from({ length: MEL_BANDS + 2 }, (_, i) => melToHz((hzToMel(8000) * i) / (MEL_BANDS + 1)));
const CENTERS = Float32Array.from({ length: MEL_BANDS }, (_, b) => EDGES[b + 1]!);
export const BAND_WIDTHS: Float32Array = Float32Array.from(
  { length: MEL_BANDS },
  (_, b) => (EDGES[b + 2]! - EDGES[b]!) / 2,
);

/** Mel power of 8 s of white noise, [frames, MEL_BANDS], with the fluctuation that real noise has. */
const WHITE_NOISE: Float32Array = await extractWhiteNoise();
const NOISE_FRAMES = WHITE_NOISE.length / MEL_BANDS;

/** Background noise of a stretch of audio. */
export interface Background {
  /** Signal-to-noise ratio over the whole stretch and the whole spectrum. */
  readonly snrDb: number;
  /** The noise's power falls with frequency to the power of minus this. */
  readonly steepness: number;
  /** First frame of the stored noise. */
  readonly from: number;
}

export function randomBackground(random: Random, [low, high]: readonly [number, number]): Background {
  return {
    snrDb: random.between(low, high),
    steepness: random.between(0, STEEPEST),
    from: random.below(NOISE_FRAMES),
  };
}

/**
 * Adds noise to mel power, in place. Powers of uncorrelated signals add up, except for cross terms with mean 0.
 * Digital silence stays silent, as it has no signal-to-noise ratio.
 *
 * @param power [frames, MEL_BANDS]
 */
export function addBackground(power: Float32Array, { snrDb, steepness, from }: Background): void {
  const spectrum = CENTERS.map((hz) => (hz / 1000) ** -steepness);
  const frames = power.length / MEL_BANDS;
  let signal = 0;
  let noise = 0;
  for (let f = 0; f < frames; f++) {
    const at = ((from + f) % NOISE_FRAMES) * MEL_BANDS;
    for (let b = 0; b < MEL_BANDS; b++) {
      signal += power[f * MEL_BANDS + b]! * BAND_WIDTHS[b]!;
      noise += WHITE_NOISE[at + b]! * spectrum[b]! * BAND_WIDTHS[b]!;
    }
  }
  const gain = signal / noise / 10 ** (snrDb / 10);
  for (let f = 0; f < frames; f++) {
    const at = ((from + f) % NOISE_FRAMES) * MEL_BANDS;
    for (let b = 0; b < MEL_BANDS; b++)
      power[f * MEL_BANDS + b]! += gain * spectrum[b]! * WHITE_NOISE[at + b]!;
  }
}

async function extractWhiteNoise(): Promise<Float32Array> {
  const random = new Random(SEED);
  const power = new Float32Array(Math.floor((SECONDS - 2 * HOP_SECONDS) / HOP_SECONDS + 1) * MEL_BANDS);
  let at = 0;
  const samples = Float32Array.from({ length: RATE_HZ * SECONDS }, () => 0.1 * random.normal());
  new MelFrames(await loadFft(), RATE_HZ).push(samples, (frame) => {
    for (const y of frame) power[at++] = (10 ** y - 1) / 1e4;
  });
  return power.subarray(0, at);
}

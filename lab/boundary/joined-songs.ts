import { FeatureExtractor } from '../../src/stream/feature-extractor.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import { type EmotionModel, STEP_SECONDS, type StepWindow } from '../../src/types.ts';
import { decodeMono } from '../train/features/recording.ts';
import type { Random } from '../train/random.ts';

/** Songs one after another, as a station or a disc jockey plays them. */
export interface JoinedSongs {
  readonly samples: Float32Array;
  readonly sampleRateHz: number;
  /** Where each song but the first begins to be louder than the one before, and where a talk begins, in seconds. */
  readonly boundaries: readonly number[];
}

/** Standard deviation of a song's level, in dB. */
const GAIN_DB = 3;
const FADE_SECONDS = [1, 4] as const;
const PAUSE_SECONDS = [0.2, 1.5] as const;

/** How two songs are joined. */
export type Join = 'cut' | 'fade' | 'pause' | 'talk';

/**
 * Joins recordings: cut, cross-faded over 1 to 4 s, after a pause of 0.2 to 1.5 s, or with a talk between them, each at
 * its own level. Recordings of another sample rate than the first are left out.
 *
 * @param talk [samples] speech at the rate of the songs; for `talk`
 * @throws UserError `bad-audio`, `bad-format`
 */
export async function joinSongs(
  paths: readonly string[],
  random: Random,
  kinds: readonly Join[] = ['cut', 'fade', 'pause'],
  talk: (random: Random, sampleRateHz: number) => Float32Array = () => new Float32Array(0),
): Promise<JoinedSongs> {
  const songs: Float32Array[] = [];
  let sampleRateHz = 0;
  for (const path of paths) {
    const { mono, sampleRateHz: rate } = await decodeMono(path);
    sampleRateHz ||= rate;
    if (rate !== sampleRateHz) continue;
    const gain = 10 ** ((GAIN_DB * random.normal()) / 20);
    songs.push(mono.map((x) => Math.max(-1, Math.min(1, gain * x))));
  }
  const talks = songs.map(() => (kinds.includes('talk') ? talk(random, sampleRateHz) : new Float32Array(0)));
  const longest = (i: number) => Math.max(PAUSE_SECONDS[1] * sampleRateHz, talks[i]!.length);
  const total = songs.reduce((sum, song, i) => sum + song.length + longest(i), 0);
  const samples = new Float32Array(Math.ceil(total));
  const boundaries: number[] = [];
  let end = 0;
  for (const [i, song] of songs.entries()) {
    const kind = i === 0 ? 'cut' : kinds[random.below(kinds.length)]!;
    const seconds = kind === 'fade' ? random.between(...FADE_SECONDS) : random.between(...PAUSE_SECONDS);
    const length = Math.min(Math.round(seconds * sampleRateHz), song.length, end);
    if (kind === 'talk') {
      boundaries.push(end / sampleRateHz);
      samples.set(talks[i]!, end);
      end += talks[i]!.length;
    }
    const start = kind === 'fade' ? end - length : kind === 'pause' ? end + length : end;
    if (kind === 'fade') {
      for (let k = 0; k < length; k++) {
        const share = k / length; // Equal power.
        samples[start + k]! *= Math.cos((share * Math.PI) / 2);
        samples[start + k]! += Math.sin((share * Math.PI) / 2) * song[k]!;
      }
    }
    const from = kind === 'fade' ? length : 0;
    samples.set(song.subarray(from), start + from);
    if (i > 0) boundaries.push((start + (kind === 'fade' ? length / 2 : 0)) / sampleRateHz);
    end = start + song.length;
  }
  return { samples: samples.subarray(0, end), sampleRateHz, boundaries };
}

/** The windows of joined songs on the live path. Each is valid until the next one is requested. */
export async function* joinedWindows(
  { samples, sampleRateHz }: JoinedSongs,
  plans: FftPlans,
  needs: EmotionModel['needs'],
): AsyncGenerator<StepWindow, void, undefined> {
  const extractor = new FeatureExtractor(plans, { sampleRateHz, channels: 1 }, undefined, needs);
  const chunk = Math.round(STEP_SECONDS * sampleRateHz);
  for (let at = 0; at < samples.length; at += chunk) {
    yield* extractor.push(samples.subarray(at, at + chunk), 0);
  }
}

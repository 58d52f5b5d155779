import { type Mood, moodOf } from '../mood.ts';
import { type EmotionFrame, type Forecast, STEP_SECONDS } from '../types.ts';

/**
 * Sound classified as music for this long is music. The detector needs up to 3 s to recognize speech and classifies it
 * as music until then; a click, a cough in the applause or the first words of an announcement are shorter.
 */
const SUSTAINED_SECONDS = 3.5;

/** One step of a track's opening. */
export interface OpeningStep {
  /** Seconds since the music began: 0.5, 1, …; a pause within it takes time, but has no step. */
  readonly at: number;
  readonly valence: number;
  readonly arousal: number;
  readonly valenceSd: number;
  readonly arousalSd: number;
}

/** How a track begins, as predicted from a fresh state. */
export interface Opening {
  /** Seconds of silence or speech before the music. */
  readonly start: number;
  /** Never empty. */
  readonly path: readonly OpeningStep[];
  /** Means over the path, and the mood word for them. */
  readonly valence: number;
  readonly arousal: number;
  readonly mood: Mood;
}

/**
 * The first `seconds` of a track, from where its first sustained music begins. Where no music is sustained, from
 * the first frame of music. Undefined if there is no music.
 */
export function openingOf(frames: readonly EmotionFrame[], seconds: number): Opening | undefined {
  const first = firstSustained(frames) ?? frames.findIndex(isMusic);
  const begin = frames[first];
  if (!begin) return undefined;
  const start = begin.t - STEP_SECONDS;
  const path = frames
    .slice(first)
    .filter((frame): frame is MusicFrame => isMusic(frame))
    .filter(({ t }) => t - start <= seconds)
    .map(({ t, valence, arousal, valenceSd, arousalSd }) => ({
      at: t - start,
      valence,
      arousal,
      valenceSd,
      arousalSd,
    }));
  return openingAlong(start, path);
}

/** The opening of a path; its means and mood follow from the steps. */
export function openingAlong(start: number, path: readonly OpeningStep[]): Opening {
  const valence = mean(path.map((step) => step.valence));
  const arousal = mean(path.map((step) => step.arousal));
  return { start, path, valence, arousal, mood: moodOf(valence, arousal) };
}

/** Whether later frames cannot change the opening. */
export function isOpeningComplete(frames: readonly EmotionFrame[], seconds: number): boolean {
  const first = firstSustained(frames);
  if (first === undefined) return false;
  return frames.at(-1)!.t - (frames[first]!.t - STEP_SECONDS) >= seconds;
}

/** The prediction at the end of a track's music. */
export interface Ending {
  /** Seconds since the track began. */
  readonly t: number;
  readonly valence: number;
  readonly arousal: number;
  readonly valenceSd: number;
  readonly arousalSd: number;
  readonly mood: Mood;
  readonly forecast: readonly Forecast[];
}

/**
 * Finds where the music ends: at the last frame of the last sustained music, so that silence, an announcement
 * and short sounds after them do not count. Memory is constant: it keeps two frames.
 */
export class EndingDetector {
  #run = 0;
  #last: MusicFrame | undefined;
  #sustained: MusicFrame | undefined;

  push(frame: EmotionFrame): void {
    if (!isMusic(frame)) {
      this.#run = 0;
      return;
    }
    this.#run++;
    this.#last = frame;
    if (this.#run * STEP_SECONDS >= SUSTAINED_SECONDS) this.#sustained = frame;
  }

  /** Undefined without music. If no music was sustained (a few notes with pauses), the last frame of music. */
  get ending(): Ending | undefined {
    const frame = this.#sustained ?? this.#last;
    if (!frame) return undefined;
    const { t, valence, arousal, valenceSd, arousalSd, mood, forecast } = frame;
    return { t, valence, arousal, valenceSd, arousalSd, mood, forecast };
  }
}

type MusicFrame = EmotionFrame & {
  readonly valence: number;
  readonly arousal: number;
  readonly valenceSd: number;
  readonly arousalSd: number;
  readonly mood: Mood;
};

function isMusic(frame: EmotionFrame): frame is MusicFrame {
  return frame.activity === 'music' && frame.valence !== null;
}

/** Index of the frame where the first sustained music begins; undefined where there is none. */
function firstSustained(frames: readonly EmotionFrame[]): number | undefined {
  let run = 0;
  for (const [i, frame] of frames.entries()) {
    run = isMusic(frame) ? run + 1 : 0;
    if (run * STEP_SECONDS >= SUSTAINED_SECONDS) return i + 1 - run;
  }
  return undefined;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { type Mood, moodOf } from '../mood.ts';
import { type EmotionFrame, type Forecast, STEP_SECONDS } from '../types.ts';

/** One step of a track's opening. */
export interface OpeningStep {
  /** Seconds of music since it began: 0.5, 1, …; a rest within it counts, but has no step of its own. */
  readonly at: number;
  readonly valence: number;
  readonly arousal: number;
  readonly valenceSd: number;
  readonly arousalSd: number;
}

/** How a track begins, as a tracker hears it that has heard nothing before. */
export interface Opening {
  /** Seconds of silence or speech before its music. */
  readonly start: number;
  /** Never empty. */
  readonly path: readonly OpeningStep[];
  /** Means over the path, and the word for them. */
  readonly valence: number;
  readonly arousal: number;
  readonly mood: Mood;
}

/**
 * The first `seconds` of a track from the first sustained music on; of a track whose music never lasts, from its
 * first note. Undefined where no music was heard.
 */
export function openingOf(frames: readonly EmotionFrame[], seconds: number): Opening | undefined {
  const first = firstSustained(frames) ?? frames.findIndex(isMusic);
  const begin = frames[first];
  if (!begin) return undefined;
  const start = begin.t - STEP_SECONDS;
  const heard = frames.slice(first).filter((frame): frame is MusicFrame => isMusic(frame));
  const path = heard
    .filter(({ t }) => t - start <= seconds)
    .map(({ t, valence, arousal, valenceSd, arousalSd }) => ({
      at: t - start,
      valence,
      arousal,
      valenceSd,
      arousalSd,
    }));
  const valence = mean(path.map((step) => step.valence));
  const arousal = mean(path.map((step) => step.arousal));
  return { start, path, valence, arousal, mood: moodOf(valence, arousal) };
}

/** Whether what comes later cannot change the opening. */
export function openingIsOver(frames: readonly EmotionFrame[], seconds: number): boolean {
  const first = firstSustained(frames);
  if (first === undefined) return false;
  return frames.at(-1)!.t - (frames[first]!.t - STEP_SECONDS) >= seconds;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What the model said when a track's music ended. */
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
 * Listens for the end of the music: the last frame of the last sustained music, so that silence, an announcement
 * and what is left over after them do not count. It keeps two frames, however long the track.
 */
export class EndingListener {
  #run = 0;
  #last: MusicFrame | undefined;
  #sustained: MusicFrame | undefined;

  hear(frame: EmotionFrame): void {
    if (!isMusic(frame)) {
      this.#run = 0;
      return;
    }
    this.#run++;
    this.#last = frame;
    if (this.#run * STEP_SECONDS >= SUSTAINED_SECONDS) this.#sustained = frame;
  }

  /** Undefined where no music was heard. Music that never lasted, a few notes with rests, ends with its last note. */
  get ending(): Ending | undefined {
    const frame = this.#sustained ?? this.#last;
    if (!frame) return undefined;
    const { t, valence, arousal, valenceSd, arousalSd, mood, forecast } = frame;
    return { t, valence, arousal, valenceSd, arousalSd, mood, forecast };
  }
}

/** A frame in which music was heard. */
export type MusicFrame = EmotionFrame & {
  readonly valence: number;
  readonly arousal: number;
  readonly valenceSd: number;
  readonly arousalSd: number;
  readonly mood: Mood;
};

/**
 * Music that lasts this long is music: speech is told from it within 3 s, and until then it passes for music. A
 * click, a cough in the applause or the first words of an announcement are shorter.
 */
export const SUSTAINED_SECONDS = 3.5;

const SUSTAINED_STEPS = SUSTAINED_SECONDS / STEP_SECONDS;

export function isMusic(frame: EmotionFrame): frame is MusicFrame {
  return frame.activity === 'music' && frame.valence !== null;
}

/** Index of the frame with which the first sustained music begins; undefined where there is none. */
export function firstSustained(frames: readonly EmotionFrame[]): number | undefined {
  let run = 0;
  for (const [i, frame] of frames.entries()) {
    run = isMusic(frame) ? run + 1 : 0;
    if (run >= SUSTAINED_STEPS) return i + 1 - run;
  }
  return undefined;
}

import { type Mood, moodOf } from '../mood.ts';
import { type EmotionFrame, STEP_SECONDS } from '../types.ts';
import { firstSustained, isMusic, type MusicFrame } from './music-runs.ts';

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

import type { Mood } from '../mood.ts';
import { type EmotionFrame, STEP_SECONDS } from '../types.ts';

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

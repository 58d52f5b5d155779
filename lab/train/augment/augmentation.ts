import type { Clip } from '../../datasets/song.ts';
import { drawMasterings, type Mastering } from './mastering.ts';
import { drawVariants, type SpeedPitch, UNCHANGED, type VariantOptions } from './speed-pitch.ts';
import { drawTransitions, type Transition, type TransitionOptions } from './transition.ts';

/** A clip, and how its audio is augmented. */
export interface AugmentedClip {
  readonly clip: Clip;
  readonly speedPitch: SpeedPitch;
  /** Includes the change of speed and pitch; absent: as recorded. */
  readonly mastering?: Mastering;
  /** The song before the clip and how it changes to the clip; absent if the clip begins a stream. */
  readonly transition?: Transition;
}

export function unaugmented(clip: Clip): AugmentedClip {
  return { clip, speedPitch: UNCHANGED };
}

/** Variants of a clip at other speeds and pitches. */
export function speedPitchVariants(clip: Clip, options: VariantOptions): AugmentedClip[] {
  return drawVariants(clip.file, options).map(({ speedPitch }) => ({ clip, speedPitch }));
}

/** Variants of a clip as another master would sound. */
export function masteringVariants(clip: Clip, count: number): AugmentedClip[] {
  return drawMasterings(clip.file, count).map((mastering) => ({
    clip,
    speedPitch: { speed: mastering.speed, pitch: mastering.speed },
    mastering,
  }));
}

/**
 * Variants of a clip that follow another song.
 *
 * @param clips candidates for the song before: training clips only
 * @param speech recordings of speech
 */
export function transitionVariants(
  clip: Clip,
  clips: readonly Clip[],
  speech: readonly string[],
  options: TransitionOptions,
): AugmentedClip[] {
  return drawTransitions(clip, clips, speech, options).map((transition) => ({
    ...unaugmented(clip),
    transition,
  }));
}

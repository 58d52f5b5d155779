import type { Clip } from '../../datasets/song.ts';
import { randomSpectral, type SpectralAugmentation, type SpectralOptions } from './spectral.ts';
import { drawVariants, type SpeedPitch, UNCHANGED, type VariantOptions } from './speed-pitch.ts';
import { drawTransitions, type Transition, type TransitionOptions } from './transition.ts';

/** A clip, and how its audio is augmented. */
export interface AugmentedClip {
  readonly clip: Clip;
  readonly speedPitch: SpeedPitch;
  /**
   * Draws the spectral augmentation of features that are extracted once; absent for audio as recorded. Not used by
   * front ends whose features are computed in each epoch: those draw a new one each time.
   */
  readonly drawSpectral?: (frames: number) => SpectralAugmentation;
  /** The song before the clip and how it changes to the clip; absent if the clip begins a stream. */
  readonly transition?: Transition;
}

export function unaugmented(clip: Clip): AugmentedClip {
  return { clip, speedPitch: UNCHANGED };
}

/** Variants of a clip at other speeds and pitches, each with a spectral augmentation. */
export function speedPitchVariants(clip: Clip, options: SpectralOptions & VariantOptions): AugmentedClip[] {
  return drawVariants(clip.file, options).map(({ speedPitch, random }) => ({
    clip,
    speedPitch,
    drawSpectral: (frames) => randomSpectral(random, options, frames),
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

import { STEP_SECONDS } from '../../src/types.ts';
import { type Clip, type Dataset, labelBetween } from '../datasets/dataset.ts';
import type { Song } from '../datasets/song.ts';
import type { AugmentedClip } from './augment/augmentation.ts';
import type { TransitionMel } from './augment/transition.ts';
import type { StoredMel } from './features/stored.ts';

/** A clip with its features and its targets at each step; unknown targets are NaN. Has either `mel` or `rows`. */
export interface Example {
  readonly clip: Clip;
  /** Mel frames, from which features are computed in each epoch under a new spectral augmentation. */
  readonly mel?: StoredMel;
  /** [steps, inputs] output of a front end that is too slow to run in each epoch, from a fresh state. */
  readonly rows?: Float32Array;
  readonly steps: number;
  /** [steps, 2] valence, arousal. */
  readonly labels: Float32Array;
  /** [tagCount]; NaN if the song has no tags. */
  readonly tags: Float32Array;
  /** [steps, 2] valence and arousal that teachers predicted; absent without distillation. */
  readonly softTargets?: Float32Array;
  /** The same clip augmented, for training only. */
  readonly variants?: readonly Example[];
  /** Of a variant with a transition: the song before it. */
  readonly after?: Song;
  /** How a variant was made, so that its features can be extracted for teachers as well. */
  readonly augmented?: AugmentedClip;
}

/**
 * Builds an example from extracted features. With a transition, only the steps that no longer contain the song before
 * have labels.
 *
 * @param steps of the features
 */
export function exampleOf(
  dataset: Dataset,
  augmented: AugmentedClip,
  steps: number,
  features: Pick<Example, 'mel' | 'rows'>,
  { clipStep, labelStep }: Pick<TransitionMel, 'clipStep' | 'labelStep'> = { clipStep: 0, labelStep: 0 },
): Example {
  const { clip, speedPitch, transition } = augmented;
  const labels = new Float32Array(steps * 2).fill(Number.NaN);
  // At a higher speed, the same second is further on in the song.
  const labelAt = (seconds: number) => labelBetween(dataset, clip, 1000 * seconds * speedPitch.speed);
  for (let step = labelStep; step < steps; step++) {
    const seconds = STEP_SECONDS * (step - clipStep + 1);
    const now = labelAt(seconds);
    if (!now) continue;
    labels.set([now.valence, now.arousal], step * 2);
  }
  const tags = dataset.tags(clip.song) ?? new Float32Array(dataset.tagCount).fill(Number.NaN);
  const after = transition && { after: transition.before.song };
  return { clip, ...features, steps, labels, tags, augmented, ...after };
}

/** The examples of some songs, without variants that contain another song. */
export function trainingSubset(examples: readonly Example[], includes: (song: Song) => boolean): Example[] {
  return examples
    .filter(({ clip }) => includes(clip.song))
    .map(({ variants, ...example }) =>
      variants
        ? { ...example, variants: variants.filter(({ after }) => !after || includes(after)) }
        : example,
    );
}

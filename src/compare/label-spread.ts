import type { LabelledClip } from './labelled-clips.ts';

export interface Spread {
  readonly mean: { readonly valence: number; readonly arousal: number };
  readonly sd: { readonly valence: number; readonly arousal: number };
}

/** Of all labels of the clips, each step counting once. */
export function meanAndSd(clips: readonly LabelledClip[]): Spread {
  const steps = clips.flatMap((clip) => clip.steps);
  const mean = (of: (step: (typeof steps)[number]) => number) =>
    steps.reduce((sum, step) => sum + of(step), 0) / steps.length;
  const center = { valence: mean((s) => s.valence), arousal: mean((s) => s.arousal) };
  return {
    mean: center,
    sd: {
      valence: Math.sqrt(mean((s) => (s.valence - center.valence) ** 2)),
      arousal: Math.sqrt(mean((s) => (s.arousal - center.arousal) ** 2)),
    },
  };
}

import type { FftPlans } from '../../src/stream/fft.ts';
import { STEP_SECONDS } from '../../src/types.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { labelBetween } from '../datasets/dataset.ts';
import type { Clip } from '../datasets/song.ts';
import { createMelCache } from '../train/cache/mel-cache.ts';

/** A clip with its labeled steps. */
export interface LabeledClip {
  readonly clip: Clip;
  readonly steps: readonly LabeledStep[];
}

export interface LabeledStep {
  /** Seconds since the start of the clip, at the end of the step. */
  readonly t: number;
  readonly valence: number;
  readonly arousal: number;
}

interface Request {
  readonly dataset: Dataset;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
}

const cache = new WeakMap<Dataset, Promise<LabeledClip[]>>();

/**
 * The clips of a data set with the labels that every system is evaluated on: one for each whole step of the audio that
 * has a label. Clips without labels are left out. The result is cached for each data set.
 *
 * @param onClip called after each clip
 */
export function labeledClips(request: Request, onClip: () => void = () => {}): Promise<LabeledClip[]> {
  const clips = cache.get(request.dataset) ?? read(request, onClip);
  cache.set(request.dataset, clips);
  return clips;
}

async function read({ dataset, fft, cacheFolder }: Request, onClip: () => void): Promise<LabeledClip[]> {
  const mels = createMelCache(fft, cacheFolder);
  const all: LabeledClip[] = [];
  for (const clip of dataset.clips) {
    const { ends } = await mels.get(clip.path);
    const steps = labeledSteps(dataset, clip, ends.length);
    if (steps.length > 0) all.push({ clip, steps });
    onClip();
  }
  return all;
}

/** Labels rounded to 32 bits, the precision of the networks. */
function labeledSteps(dataset: Dataset, clip: Clip, steps: number): LabeledStep[] {
  return Array.from({ length: steps }, (_, step) => STEP_SECONDS * (step + 1)).flatMap((t) => {
    const label = labelBetween(dataset, clip, 1000 * t);
    return label ? [{ t, valence: Math.fround(label.valence), arousal: Math.fround(label.arousal) }] : [];
  });
}

export interface Spread {
  readonly mean: { readonly valence: number; readonly arousal: number };
  readonly sd: { readonly valence: number; readonly arousal: number };
}

/** Mean and standard deviation of the labels, each step counted once. */
export function meanAndSd(clips: readonly LabeledClip[]): Spread {
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

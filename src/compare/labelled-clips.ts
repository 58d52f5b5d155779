import { createMelCache } from '../model/train/cache/mel-cache.ts';
import type { Dataset } from '../model/train/dataset.ts';
import { labelBetween } from '../model/train/label-between.ts';
import type { Clip } from '../model/train/song.ts';
import type { FftPlans } from '../stream/fft.ts';
import { STEP_SECONDS } from '../types.ts';

/** A clip, and what listeners said at the end of each of its steps that has a label. */
export interface LabelledClip {
  readonly clip: Clip;
  readonly steps: readonly LabelledStep[];
}

export interface LabelledStep {
  /** Seconds since the clip's beginning. */
  readonly t: number;
  readonly valence: number;
  readonly arousal: number;
}

interface Request {
  readonly dataset: Dataset;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
}

const known = new WeakMap<Dataset, Promise<LabelledClip[]>>();

/**
 * The clips of a data set with their labels, as every system is judged by them: of the whole steps that the
 * analysis finds in the audio. Clips without any label are left out.
 */
export function labelledClips(request: Request, onClip: () => void = () => {}): Promise<LabelledClip[]> {
  const clips = known.get(request.dataset) ?? read(request, onClip);
  known.set(request.dataset, clips);
  return clips;
}

async function read({ dataset, fft, cacheFolder }: Request, onClip: () => void): Promise<LabelledClip[]> {
  const mels = createMelCache(fft, cacheFolder);
  const all: LabelledClip[] = [];
  for (const clip of dataset.clips) {
    const { ends } = await mels.get(clip.path);
    const steps = labelledSteps(dataset, clip, ends.length);
    if (steps.length > 0) all.push({ clip, steps });
    onClip();
  }
  return all;
}

/** Rounded to 32 bits, as networks have them. */
function labelledSteps(dataset: Dataset, clip: Clip, steps: number): LabelledStep[] {
  return Array.from({ length: steps }, (_, step) => STEP_SECONDS * (step + 1)).flatMap((t) => {
    const label = labelBetween(dataset, clip, 1000 * t);
    return label ? [{ t, valence: Math.fround(label.valence), arousal: Math.fround(label.arousal) }] : [];
  });
}

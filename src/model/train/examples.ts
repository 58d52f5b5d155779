import type { FftPlans } from '../../stream/fft.ts';
import { FORECAST_HORIZONS, STEP_SECONDS } from '../../types.ts';
import type { ClipMel } from './clip-mel.ts';
import type { Clip, Dataset } from './dataset.ts';
import { cachedMel } from './mel-cache.ts';

const CHANGES = 2 * FORECAST_HORIZONS.length;

/** A clip with what the network should say at each of its steps. NaN where listeners said nothing. */
export interface Example {
  readonly clip: Clip;
  readonly mel: ClipMel;
  readonly steps: number;
  /** [steps, 2] valence, arousal. */
  readonly labels: Float32Array;
  /** [steps, 2 · horizons] change of valence and of arousal up to each horizon. */
  readonly changes: Float32Array;
  /** [tagCount]; NaN where the song has no tags. */
  readonly tags: Float32Array;
}

/** Hears every clip, or takes it from the cache, and lays its labels beside it. */
export async function loadExamples(
  dataset: Dataset,
  clips: readonly Clip[],
  plans: FftPlans,
  cacheFolder: string,
  onClip: (done: number) => void = () => {},
): Promise<Example[]> {
  const examples: Example[] = [];
  for (const clip of clips) {
    examples.push(exampleOf(dataset, clip, await cachedMel(clip.path, plans, cacheFolder)));
    onClip(examples.length);
  }
  return examples;
}

function exampleOf(dataset: Dataset, clip: Clip, mel: ClipMel): Example {
  const steps = mel.ends.length;
  const labels = new Float32Array(steps * 2).fill(Number.NaN);
  const changes = new Float32Array(steps * CHANGES).fill(Number.NaN);
  for (let step = 0; step < steps; step++) {
    const timeMs = clip.startMs + 1000 * STEP_SECONDS * (step + 1);
    const now = dataset.label(clip.song, timeMs);
    if (!now) continue;
    labels.set([now.valence, now.arousal], step * 2);
    for (const [i, horizon] of FORECAST_HORIZONS.entries()) {
      const later = dataset.label(clip.song, timeMs + 1000 * horizon);
      if (!later) continue;
      changes.set([later.valence - now.valence, later.arousal - now.arousal], step * CHANGES + 2 * i);
    }
  }
  const tags = dataset.tags(clip.song) ?? new Float32Array(dataset.tagCount).fill(Number.NaN);
  return { clip, mel, steps, labels, changes, tags };
}

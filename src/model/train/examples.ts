import type { FftPlans } from '../../stream/fft.ts';
import { FORECAST_HORIZONS, STEP_SECONDS } from '../../types.ts';
import type { NetworkConfig } from '../config.ts';
import type { Engine } from '../engine.ts';
import { loadFrontEnd } from '../load.ts';
import type { ClipMel } from './clip-mel.ts';
import type { Clip, Dataset } from './dataset.ts';
import { cachedMel } from './mel-cache.ts';
import { cachedRows } from './row-cache.ts';

const CHANGES = 2 * FORECAST_HORIZONS.length;

/** A clip with what the network should say at each of its steps. NaN where listeners said nothing. */
export interface Example {
  readonly clip: Clip;
  /** What it is made of again in each epoch, in another sound; absent where `rows` is there. */
  readonly mel?: ClipMel;
  /** [steps, inputs] what a front end that is too dear for that made of it once, from a fresh state. */
  readonly rows?: Float32Array;
  readonly steps: number;
  /** [steps, 2] valence, arousal. */
  readonly labels: Float32Array;
  /** [steps, 2 · horizons] change of valence and of arousal up to each horizon. */
  readonly changes: Float32Array;
  /** [tagCount]; NaN where the song has no tags. */
  readonly tags: Float32Array;
}

export interface HearRequest {
  readonly dataset: Dataset;
  readonly clips: readonly Clip[];
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly network: NetworkConfig;
}

/** Hears every clip, or takes it from the cache, and lays its labels beside it. */
export async function hearExamples(
  { dataset, clips, engine, fft, cacheFolder, network: { frontEnd: name } }: HearRequest,
  onClip: () => void = () => {},
): Promise<Example[]> {
  const examples: Example[] = [];
  if (name === 'mel') {
    for (const clip of clips) {
      const mel = await cachedMel(clip.path, fft, cacheFolder);
      examples.push(exampleOf(dataset, clip, mel.ends.length, { mel }));
      onClip();
    }
    return examples;
  }
  const frontEnd = await loadFrontEnd(name, engine);
  try {
    const paths = clips.map(({ path }) => path);
    const all = await cachedRows(paths, { name, frontEnd, plans: fft, cacheFolder }, onClip);
    for (const [i, rows] of all.entries()) {
      examples.push(exampleOf(dataset, clips[i]!, rows.length / frontEnd.inputs, { rows }));
    }
  } finally {
    frontEnd.dispose();
  }
  return examples;
}

function exampleOf(
  dataset: Dataset,
  clip: Clip,
  steps: number,
  heard: Pick<Example, 'mel' | 'rows'>,
): Example {
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
  return { clip, ...heard, steps, labels, changes, tags };
}

import type { FftPlans } from '../../stream/fft.ts';
import { FORECAST_HORIZONS, STEP_SECONDS } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import type { NetworkConfig } from '../config.ts';
import type { Engine } from '../engine.ts';
import { createMelCache } from './cache/mel-cache.ts';
import type { Clip, Dataset } from './dataset.ts';
import { labelBetween } from './label-between.ts';
import type { TrainOptions } from './options.ts';
import { alteredRenderings, asRecorded, type Rendering } from './rendering.ts';
import { hearRenderings } from './rendering-rows.ts';
import type { ClipMel } from './stored-mel.ts';

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
  /** The same clip played otherwise: only for learning. */
  readonly variants?: readonly Example[];
}

export interface HearRequest {
  readonly dataset: Dataset;
  readonly clips: readonly Clip[];
  readonly engine: Engine;
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly network: NetworkConfig;
}

/** Hears every clip as it was recorded, or takes it from the cache, and lays its labels beside it. */
export function hearExamples(request: HearRequest, onClip: () => void = () => {}): Promise<Example[]> {
  return hear(request, request.clips.map(asRecorded), onClip);
}

/** The same, each with the altered renderings that the options ask for. */
export async function hearToLearn(
  request: HearRequest,
  options: TrainOptions,
  onClip: () => void = () => {},
): Promise<Example[]> {
  const { clips } = request;
  const { soundVariants } = options;
  const renderings = clips.flatMap((clip) => [asRecorded(clip), ...alteredRenderings(clip, options)]);
  let heard = 0;
  const all = await hear(request, renderings, () => {
    if (++heard % (1 + soundVariants) === 0) onClip();
  });
  if (soundVariants === 0) return all;
  return clips.map((_, i) => {
    const [plain, ...variants] = all.slice(i * (1 + soundVariants), (i + 1) * (1 + soundVariants));
    return { ...plain!, variants };
  });
}

async function hear(
  { dataset, engine, fft, cacheFolder, network }: HearRequest,
  renderings: readonly Rendering[],
  onRendering: () => void,
): Promise<Example[]> {
  const mels = createMelCache(fft, cacheFolder);
  const { frontEnd } = network;
  if (frontEnd !== 'mel') {
    const request = { frontEnd, engine, fft, cacheFolder, mels };
    const all = await hearRenderings(renderings, request, onRendering);
    return renderings.map((rendering, i) => {
      const rows = all[i]!;
      if (rows.length === 0) throw tooShort(rendering.clip.path);
      return exampleOf(dataset, rendering, rows.length / network.inputs, { rows });
    });
  }
  const examples: Example[] = [];
  for (const rendering of renderings) {
    const mel = await mels.get(rendering.clip.path, rendering.playing);
    examples.push(exampleOf(dataset, rendering, mel.ends.length, { mel }));
    onRendering();
  }
  return examples;
}

function exampleOf(
  dataset: Dataset,
  { clip, playing: { speed } }: Rendering,
  steps: number,
  heard: Pick<Example, 'mel' | 'rows'>,
): Example {
  const labels = new Float32Array(steps * 2).fill(Number.NaN);
  const changes = new Float32Array(steps * CHANGES).fill(Number.NaN);
  // What is heard at `seconds` of a clip that is played faster lies further on in the song.
  const labelAt = (seconds: number) => labelBetween(dataset, clip, 1000 * seconds * speed);
  for (let step = 0; step < steps; step++) {
    const seconds = STEP_SECONDS * (step + 1);
    const now = labelAt(seconds);
    if (!now) continue;
    labels.set([now.valence, now.arousal], step * 2);
    for (const [i, horizon] of FORECAST_HORIZONS.entries()) {
      const later = labelAt(seconds + horizon);
      if (!later) continue;
      changes.set([later.valence - now.valence, later.arousal - now.arousal], step * CHANGES + 2 * i);
    }
  }
  const tags = dataset.tags(clip.song) ?? new Float32Array(dataset.tagCount).fill(Number.NaN);
  return { clip, ...heard, steps, labels, changes, tags };
}

function tooShort(path: string): UserError {
  return new UserError(
    'bad-data',
    `The clip ${path} is shorter than 0.5 s, the length of a step; cut it anew or leave it out.`,
  );
}

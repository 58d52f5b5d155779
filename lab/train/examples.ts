import { recordingsIn } from '../../src/library/recordings-in.ts';
import type { Engine } from '../../src/model/engine.ts';
import type { NetworkConfig } from '../../src/model/kinds/undertone/network.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import { FORECAST_HORIZONS, STEP_SECONDS } from '../../src/types.ts';
import { UserError } from '../../src/user-error.ts';
import type { Clip, Dataset } from '../datasets/dataset.ts';
import { labelBetween } from '../datasets/labels.ts';
import type { Song } from '../datasets/song.ts';
import { alteredRenderings, asRecorded, passageRenderings, type Rendering } from './augment/augmentation.ts';
import type { PlayedPassage } from './augment/passage.ts';
import { createMelCache } from './cache/mel-cache.ts';
import { hearRenderings } from './features/augmented-rows.ts';
import { hearPassage } from './features/passage-mel.ts';
import type { ClipMel } from './features/stored.ts';
import type { TrainOptions } from './options.ts';

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
  /** [steps, 2] valence and arousal that teachers gave it; absent where none did. */
  readonly lessons?: Float32Array;
  /** The same clip played otherwise, or after another song: only for learning. */
  readonly variants?: readonly Example[];
  /** Of a variant: the song that is heard before it; and how it was made, so that teachers can hear the same. */
  readonly after?: Song;
  readonly rendering?: Rendering;
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
  return hearAll(request, request.clips.map(asRecorded), onClip);
}

/** The same, each with the altered renderings and the passages that the options ask for. */
export async function hearToLearn(
  request: HearRequest,
  options: TrainOptions,
  onClip: () => void = () => {},
): Promise<Example[]> {
  const { clips } = request;
  const each = 1 + options.soundVariants + options.passages;
  const talks = options.passages > 0 ? await recordingsIn(options.speech) : [];
  const renderings = clips.flatMap((clip) => [
    asRecorded(clip),
    ...alteredRenderings(clip, options),
    ...passageRenderings(clip, clips, talks, options),
  ]);
  let heard = 0;
  const all = await hearAll(request, renderings, () => {
    if (++heard % each === 0) onClip();
  });
  if (each === 1) return all;
  return clips.map((_, i) => {
    const [plain, ...variants] = all.slice(i * each, (i + 1) * each);
    return { ...plain!, variants };
  });
}

/** What may be learned from where only some songs may: passages from other songs are left out. */
export function learnedFrom(examples: readonly Example[], learns: (song: Song) => boolean): Example[] {
  return examples
    .filter(({ clip }) => learns(clip.song))
    .map(({ variants, ...example }) =>
      variants ? { ...example, variants: variants.filter(({ after }) => !after || learns(after)) } : example,
    );
}

/** Hears renderings, or takes them from the cache, and lays labels beside them. */
export async function hearAll(
  { dataset, engine, fft, cacheFolder, network }: HearRequest,
  renderings: readonly Rendering[],
  onRendering: () => void = () => {},
): Promise<Example[]> {
  const mels = createMelCache(fft, cacheFolder);
  const { frontEnd } = network;
  if (frontEnd !== 'mel') {
    const request = { frontEnd, engine, fft, cacheFolder, mels };
    const all = await hearRenderings(renderings, request, onRendering);
    const examples: Example[] = [];
    for (const [i, rendering] of renderings.entries()) {
      const rows = all[i]!;
      if (rows.length === 0) throw tooShort(rendering.clip.path);
      const { clip, passage } = rendering;
      const played = passage && (await hearPassage(mels, clip, passage));
      examples.push(exampleOf(dataset, rendering, rows.length / network.inputs, { rows }, played));
    }
    return examples;
  }
  const examples: Example[] = [];
  for (const rendering of renderings) {
    const { clip, playing, passage } = rendering;
    const played = passage && (await hearPassage(mels, clip, passage));
    const mel = played?.mel ?? (await mels.get(clip.path, playing));
    examples.push(exampleOf(dataset, rendering, mel.ends.length, { mel }, played));
    onRendering();
  }
  return examples;
}

/** Of a passage only those steps have labels in which the clip is heard alone. */
export function exampleOf(
  dataset: Dataset,
  rendering: Rendering,
  steps: number,
  heard: Pick<Example, 'mel' | 'rows'>,
  { begins, alone }: Pick<PlayedPassage, 'begins' | 'alone'> = { begins: 0, alone: 0 },
): Example {
  const {
    clip,
    playing: { speed },
    passage,
  } = rendering;
  const labels = new Float32Array(steps * 2).fill(Number.NaN);
  const changes = new Float32Array(steps * CHANGES).fill(Number.NaN);
  // What is heard at `seconds` of a clip that is played faster lies further on in the song.
  const labelAt = (seconds: number) => labelBetween(dataset, clip, 1000 * seconds * speed);
  for (let step = alone; step < steps; step++) {
    const seconds = STEP_SECONDS * (step - begins + 1);
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
  const after = passage && { after: passage.before.song };
  return { clip, ...heard, steps, labels, changes, tags, rendering, ...after };
}

function tooShort(path: string): UserError {
  return new UserError(
    'bad-data',
    `The clip ${path} is shorter than 0.5 s, the length of a step; cut it anew or leave it out.`,
  );
}

import type { BaselineConfig } from '../../src/model/kinds/baselines/systems.ts';
import { rowMaker } from '../../src/model/kinds/baselines/systems.ts';
import type { FftPlans } from '../../src/stream/fft.ts';
import type { Clip, Dataset } from '../datasets/dataset.ts';
import { unaugmented } from '../train/augment/augmentation.ts';
import { drawVariants } from '../train/augment/speed-pitch.ts';
import { type ClipCache, createClipCache } from '../train/cache/clip-cache.ts';
import { type Example, exampleOf } from '../train/example.ts';
import type { ClipAugmentation } from '../train/features/step-clips.ts';
import { CLIP_SIZE, restoreClip, type StoredClips } from '../train/features/stored.ts';

/** A clip of music with its labels, and what a network is given of each of its steps. */
export interface SeedExample extends Omit<Example, 'variants'> {
  /** Numbers of a row. */
  readonly rowLength: number;
  /** Writes the row of a step to `out` from `at` on. */
  readonly writeRow: (step: number, out: Float32Array, at: number) => void;
  /** The same music played otherwise; only for learning. */
  readonly variants?: readonly SeedExample[];
}

export interface SeedHearRequest {
  readonly dataset: Dataset;
  readonly clips: readonly Clip[];
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly config: BaselineConfig;
  /** Altered renderings of each clip. */
  readonly soundVariants: number;
}

/** The most by which altered renderings differ in tempo and pitch, and how far under the music noise lies at least. */
const SPEED_PERCENT = 10;
const PITCH_CENTS = 100;
const NOISE_SNR_DB = [15, 40] as const;

/** Hears clips or takes them from the cache, and lays their labels beside them. */
export async function hearSeedExamples(
  { dataset, clips, fft, cacheFolder, config, soundVariants }: SeedHearRequest,
  onClip: () => void = () => {},
): Promise<SeedExample[]> {
  const cache = createClipCache(fft, cacheFolder);
  const examples: SeedExample[] = [];
  for (const clip of clips) {
    const plain = await hear(cache, dataset, clip, config);
    const variants: SeedExample[] = [];
    for (const rendering of renderingsOf(clip, soundVariants)) {
      if (plain.steps < rendering.speed) continue; // so short that played faster no whole step is left
      variants.push(await hear(cache, dataset, clip, config, rendering));
    }
    examples.push(variants.length > 0 ? { ...plain, variants } : plain);
    onClip();
  }
  return examples;
}

/** The same of a clip in every training, so that the cache has them. */
function renderingsOf(clip: Clip, soundVariants: number): ClipAugmentation[] {
  const options = { soundVariants, speedPercent: SPEED_PERCENT, pitchCents: PITCH_CENTS };
  return drawVariants(clip.file, options).map(({ speedPitch, random }) => ({
    ...speedPitch,
    noiseSnrDb: Math.round(random.between(...NOISE_SNR_DB)),
  }));
}

async function hear(
  cache: ClipCache,
  dataset: Dataset,
  clip: Clip,
  config: BaselineConfig,
  rendering?: ClipAugmentation,
): Promise<SeedExample> {
  const stored = await cache.get(clip.path, rendering);
  const { speed = 1, pitch = 1 } = rendering ?? {};
  const { variants: _, ...labelled }: Example = exampleOf(
    dataset,
    { ...unaugmented(clip), speedPitch: { speed, pitch } },
    stored.steps,
    {},
  );
  return { ...labelled, ...rowsOf(stored, config) };
}

/** Rows that are much smaller than clips are made at once, others when they are asked for. */
function rowsOf(
  { clips, steps }: StoredClips,
  config: BaselineConfig,
): Pick<SeedExample, 'rowLength' | 'writeRow'> {
  const maker = rowMaker(config);
  const clip = new Float32Array(CLIP_SIZE);
  const make = (step: number, out: Float32Array, at: number): void => {
    restoreClip(clips.subarray(step * CLIP_SIZE, (step + 1) * CLIP_SIZE), clip);
    maker.write(clip, out, at);
  };
  const { length } = maker;
  if (length === CLIP_SIZE) return { rowLength: length, writeRow: make };
  const rows = new Float32Array(steps * length);
  for (let step = 0; step < steps; step++) make(step, rows, step * length);
  return {
    rowLength: length,
    writeRow: (step, out, at) => out.set(rows.subarray(step * length, (step + 1) * length), at),
  };
}

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

/** A clip with its labels and the input row of each step. */
export interface BaselineExample extends Omit<Example, 'variants'> {
  /** Length of a row. */
  readonly rowLength: number;
  /** Writes the row of a step to `out` at offset `at`. */
  readonly writeRow: (step: number, out: Float32Array, at: number) => void;
  /** Augmented variants of the clip; training only. */
  readonly variants?: readonly BaselineExample[];
}

interface BaselineExamplesRequest {
  readonly dataset: Dataset;
  readonly clips: readonly Clip[];
  readonly fft: FftPlans;
  readonly cacheFolder: string;
  readonly config: BaselineConfig;
  /** Number of augmented variants of each clip. */
  readonly soundVariants: number;
}

/** Limits of augmentation: change of tempo and pitch, and signal-to-noise ratio. */
const SPEED_PERCENT = 10;
const PITCH_CENTS = 100;
const NOISE_SNR_DB = [15, 40] as const;

/**
 * Extracts clips, or reads them from the cache, and adds their labels.
 *
 * @param onClip called after each clip
 * @throws UserError `bad-audio`, `bad-format`, `bad-data`
 */
export async function extractBaselineExamples(
  { dataset, clips, fft, cacheFolder, config, soundVariants }: BaselineExamplesRequest,
  onClip: () => void = () => {},
): Promise<BaselineExample[]> {
  const cache = createClipCache(fft, cacheFolder);
  const examples: BaselineExample[] = [];
  for (const clip of clips) {
    const plain = await extract(cache, dataset, clip, config);
    const variants: BaselineExample[] = [];
    for (const variant of augmentationsOf(clip, soundVariants)) {
      if (plain.steps < variant.speed) continue; // too short: the faster variant has no whole step
      variants.push(await extract(cache, dataset, clip, config, variant));
    }
    examples.push(variants.length > 0 ? { ...plain, variants } : plain);
    onClip();
  }
  return examples;
}

/** Augmentations of a clip. They are the same in every training, so that they are cached. */
function augmentationsOf(clip: Clip, soundVariants: number): ClipAugmentation[] {
  const options = { soundVariants, speedPercent: SPEED_PERCENT, pitchCents: PITCH_CENTS };
  return drawVariants(clip.file, options).map(({ speedPitch, random }) => ({
    ...speedPitch,
    noiseSnrDb: Math.round(random.between(...NOISE_SNR_DB)),
  }));
}

async function extract(
  cache: ClipCache,
  dataset: Dataset,
  clip: Clip,
  config: BaselineConfig,
  variant?: ClipAugmentation,
): Promise<BaselineExample> {
  const stored = await cache.get(clip.path, variant);
  const { speed = 1, pitch = 1 } = variant ?? {};
  const { variants: _, ...labeled }: Example = exampleOf(
    dataset,
    { ...unaugmented(clip), speedPitch: { speed, pitch } },
    stored.steps,
    {},
  );
  return { ...labeled, ...rowsOf(stored, config) };
}

/** Computes all rows in advance if they are smaller than the clips, otherwise on demand. */
function rowsOf(
  { clips, steps }: StoredClips,
  config: BaselineConfig,
): Pick<BaselineExample, 'rowLength' | 'writeRow'> {
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

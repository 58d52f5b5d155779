import { CLASS_LOGITS } from '../../src/model/kinds/baselines/layers.ts';
import { type BaselineConfig, maxSteps, memoryLengths } from '../../src/model/kinds/baselines/systems.ts';
import { quadrantOf } from '../../src/mood.ts';
import { wordOf } from '../evaluate/classes.ts';
import type { Random } from '../train/random.ts';
import type { BaselineExample } from './examples.ts';
import type { Recipe } from './recipes.ts';

/** A segment of a clip: steps `from` (inclusive) to `to` (exclusive). */
export interface Segment {
  readonly example: BaselineExample;
  readonly from: number;
  readonly to: number;
}

/** A batch of segments, time-major: row `step · streams + stream`. */
export interface BaselineBatch {
  readonly steps: number;
  readonly streams: number;
  readonly rowLength: number;
  /** [steps · streams, rowLength] */
  readonly rows: Float32Array;
  /** [steps · streams, 2] valence and arousal; 0 without a label. */
  readonly labels: Float32Array;
  /** [steps · streams, 1] mask: 1 with a label, otherwise 0. */
  readonly known: Float32Array;
  /** [steps · streams, CLASS_LOGITS] one-hot quadrant and one-hot word; 0 without a label. */
  readonly classes: Float32Array;
}

/** Makes a batch. @param segments shorter ones are padded with masked steps */
export function baselineBatch(segments: readonly Segment[]): BaselineBatch {
  const streams = segments.length;
  const steps = Math.max(...segments.map(({ from, to }) => to - from));
  const { rowLength } = segments[0]!.example;
  const batch = {
    steps,
    streams,
    rowLength,
    rows: new Float32Array(steps * streams * rowLength),
    labels: new Float32Array(steps * streams * 2),
    known: new Float32Array(steps * streams),
    classes: new Float32Array(steps * streams * CLASS_LOGITS),
  };
  for (const [stream, { example, from, to }] of segments.entries()) {
    for (let step = from; step < to; step++) {
      const row = (step - from) * streams + stream;
      example.writeRow(step, batch.rows, row * rowLength);
      const valence = example.labels[2 * step]!;
      const arousal = example.labels[2 * step + 1]!;
      if (Number.isNaN(valence)) continue;
      batch.labels.set([valence, arousal], 2 * row);
      batch.known[row] = 1;
      batch.classes[row * CLASS_LOGITS + quadrantOf(valence, arousal)] = 1;
      batch.classes[row * CLASS_LOGITS + 4 + wordOf(valence, arousal)] = 1;
    }
  }
  return batch;
}

/** Segments of one epoch in shuffled batches of similar size: some steps of each clip, original or augmented. */
export function batchesOf(
  examples: readonly BaselineExample[],
  config: BaselineConfig,
  { streams, steps, singles }: Pick<Recipe, 'streams' | 'steps' | 'singles'>,
  random: Random,
): Segment[][] {
  const most = Math.min(steps, maxSteps(config));
  const segments = examples.flatMap((plain) => {
    const variants = [plain, ...(plain.variants ?? [])];
    const example = variants[random.below(variants.length)]!;
    if (isRecurrent(config)) {
      const from = random.below(Math.max(0, example.steps - most) + 1);
      return [{ example, from, to: Math.min(example.steps, from + most) }];
    }
    return random
      .permutation(example.steps)
      .slice(0, singles)
      .map((from) => ({ example, from, to: from + 1 }));
  });
  const shuffled = random.permutation(segments.length).map((i) => segments[i]!);
  const count = Math.ceil(shuffled.length / streams);
  return Array.from({ length: count }, (_, i) =>
    shuffled.slice(
      Math.round((i * shuffled.length) / count),
      Math.round(((i + 1) * shuffled.length) / count),
    ),
  );
}

/** Whether the prediction of a step depends on previous steps. */
function isRecurrent(config: BaselineConfig): boolean {
  return Object.keys(memoryLengths(config)).length > 0;
}

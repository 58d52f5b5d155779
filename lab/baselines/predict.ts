import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import type {
  BaselineMemory,
  BaselineNetwork,
  BaselineOutputs,
  BaselineUnrolled,
} from '../../src/model/kinds/baselines/architecture.ts';
import { CLASS_LOGITS } from '../../src/model/kinds/baselines/layers.ts';
import type { BaselineConfig } from '../../src/model/kinds/baselines/systems.ts';
import { createBaselineNetwork, maxSteps, memoryLengths } from '../../src/model/kinds/baselines/systems.ts';
import type { Weights } from '../../src/model/weights.ts';
import { FORECAST_HORIZONS } from '../../src/types.ts';
import type { Predicted } from '../train/predict.ts';
import { seedBatchOf } from './batch.ts';
import type { SeedExample } from './examples.ts';

const CHANGES = 2 * FORECAST_HORIZONS.length;
/** Rows that are computed at once, about. */
const ROWS = 1280;
const NOTHING: Float32Array = new Float32Array(0);

/** What a network says of one clip of music from a fresh state. `sd` is 1: it says nothing of its errors. */
export interface SeedPredicted extends Predicted {
  /** [steps, CLASS_LOGITS] of networks that say classes. */
  readonly classes?: Float32Array;
}

/** Runs trained weights over examples, each from a fresh state. */
export function predictSeed(
  tf: Tf,
  config: BaselineConfig,
  weights: Weights,
  examples: readonly SeedExample[],
): SeedPredicted[] {
  const predicted: SeedPredicted[] = new Array(examples.length);
  // Those of a length together, so that few steps are filled up; the longest of each batch tells how many fit.
  const order = [...examples.keys()].sort((a, b) => examples[b]!.steps - examples[a]!.steps);
  while (order.length > 0) {
    const { steps } = examples[order[0]!]!;
    const some = order.splice(0, Math.max(1, Math.floor(ROWS / steps)));
    const said = predictTogether(
      tf,
      config,
      weights,
      some.map((i) => examples[i]!),
    );
    for (const [k, i] of some.entries()) predicted[i] = said[k]!;
  }
  return predicted;
}

function predictTogether(
  tf: Tf,
  config: BaselineConfig,
  weights: Weights,
  examples: readonly SeedExample[],
): SeedPredicted[] {
  const { steps, streams, rows, rowLength } = seedBatchOf(
    examples.map((example) => ({ example, from: 0, to: example.steps })),
  );
  let emotion = NOTHING;
  let novelty = NOTHING;
  let classes: Float32Array | undefined;
  tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(weights).map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
    );
    const network = createBaselineNetwork(tf, tensors, config);
    const x = tf.tensor2d(rows, [steps * streams, rowLength]);
    const { outputs: said } =
      steps <= maxSteps(config)
        ? network.unroll(x, streams)
        : stepByStep(tf, network, config, tf.split(x, steps, 0), streams);
    emotion = said.emotion.dataSync() as Float32Array;
    novelty = said.novelty.dataSync() as Float32Array;
    classes = said.classes?.dataSync() as Float32Array | undefined;
  });
  return examples.map((example, stream) => {
    const take = (values: Float32Array, width: number): Float32Array => {
      const out = new Float32Array(example.steps * width);
      for (let step = 0; step < example.steps; step++) {
        const from = (step * streams + stream) * width;
        out.set(values.subarray(from, from + width), step * width);
      }
      return out;
    };
    const { labels, changes, tags } = example;
    return {
      sequence: { steps: example.steps, summaries: NOTHING, labels, changes, tags, softTargets: NOTHING },
      emotion: take(emotion, 2),
      sd: new Float32Array(2 * example.steps).fill(1),
      change: new Float32Array(CHANGES * example.steps),
      novelty: take(novelty, 1),
      ...(classes ? { classes: take(classes, CLASS_LOGITS) } : {}),
    };
  });
}

/** For what is longer than can be unrolled. */
function stepByStep(
  tf: Tf,
  network: BaselineNetwork,
  config: BaselineConfig,
  rows: readonly Tensor2D[],
  streams: number,
): Pick<BaselineUnrolled, 'outputs'> {
  let memory: BaselineMemory = Object.fromEntries(
    Object.entries(memoryLengths(config)).map(([name, length]) => [name, tf.zeros([streams, length])]),
  );
  const all = rows.map((row) => {
    const after = network.step(row, memory);
    memory = after.memory;
    return after.outputs;
  });
  const joined = (of: (outputs: BaselineOutputs) => Tensor2D): Tensor2D => tf.concat2d(all.map(of), 0);
  return {
    outputs: {
      emotion: joined(({ emotion }) => emotion),
      novelty: joined(({ novelty }) => novelty),
      ...(all[0]?.classes ? { classes: joined(({ classes }) => classes!) } : {}),
    },
  };
}

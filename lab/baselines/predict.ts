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
import { SCHEMES, type Scheme } from '../evaluate/classes.ts';
import type { Predicted } from '../train/predict.ts';
import { baselineBatch } from './batch.ts';
import type { BaselineExample } from './examples.ts';

/** Classes of each scheme. */
const CLASSES = 4;
/** Approximate number of rows in a batch. */
const ROWS = 1280;
const EMPTY: Float32Array = new Float32Array(0);

/** Predictions of one clip from a fresh state. `sd` is 1, because the networks do not predict it. */
export interface BaselinePrediction extends Predicted {
  /** [steps, CLASS_LOGITS] of networks that predict classes. */
  readonly classes?: Float32Array;
}

/** Predicts examples with trained weights, each from a fresh state. */
export function predictBaseline(
  tf: Tf,
  config: BaselineConfig,
  weights: Weights,
  examples: readonly BaselineExample[],
): BaselinePrediction[] {
  const predicted: BaselinePrediction[] = new Array(examples.length);
  // Batches of similar lengths need little padding. The longest example limits how many fit.
  const order = [...examples.keys()].sort((a, b) => examples[b]!.steps - examples[a]!.steps);
  while (order.length > 0) {
    const { steps } = examples[order[0]!]!;
    const some = order.splice(0, Math.max(1, Math.floor(ROWS / steps)));
    const batch = predictBatch(
      tf,
      config,
      weights,
      some.map((i) => examples[i]!),
    );
    for (const [k, i] of some.entries()) predicted[i] = batch[k]!;
  }
  return predicted;
}

/** Class probabilities of the labeled steps, [steps, 4] for each scheme; undefined for networks without classes. */
export function classProbabilities(
  predictions: readonly BaselinePrediction[],
): Record<Scheme, Float32Array> | undefined {
  if (!predictions.every(({ classes }) => classes)) return undefined;
  const [quadrants, words] = SCHEMES.map((_, scheme) =>
    Float32Array.from(
      predictions.flatMap((clip) =>
        labeledSteps(clip).flatMap((step) => softmax(clip.classes!, step * CLASS_LOGITS + scheme * CLASSES)),
      ),
    ),
  ) as [Float32Array, Float32Array];
  return { quadrants, words };
}

function predictBatch(
  tf: Tf,
  config: BaselineConfig,
  weights: Weights,
  examples: readonly BaselineExample[],
): BaselinePrediction[] {
  const { steps, streams, rows, rowLength } = baselineBatch(
    examples.map((example) => ({ example, from: 0, to: example.steps })),
  );
  let emotion = EMPTY;
  let novelty = EMPTY;
  let classes: Float32Array | undefined;
  tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(weights).map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
    );
    const network = createBaselineNetwork(tf, tensors, config);
    const x = tf.tensor2d(rows, [steps * streams, rowLength]);
    const { outputs } =
      steps <= maxSteps(config)
        ? network.unroll(x, streams)
        : stepByStep(tf, network, config, tf.split(x, steps, 0), streams);
    emotion = outputs.emotion.dataSync() as Float32Array;
    novelty = outputs.novelty.dataSync() as Float32Array;
    classes = outputs.classes?.dataSync() as Float32Array | undefined;
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
    const { labels, tags } = example;
    return {
      sequence: { steps: example.steps, summaries: EMPTY, labels, tags, softTargets: EMPTY },
      emotion: take(emotion, 2),
      sd: new Float32Array(2 * example.steps).fill(1),
      novelty: take(novelty, 1),
      ...(classes ? { classes: take(classes, CLASS_LOGITS) } : {}),
    };
  });
}

/** For clips that are longer than the network can unroll. */
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

function labeledSteps({ sequence: { steps, labels } }: BaselinePrediction): number[] {
  return [...Array(steps).keys()].filter((step) => !Number.isNaN(labels[2 * step]!));
}

/** Softmax of the logits of one scheme, which start at `from`. */
function softmax(all: Float32Array, from: number): number[] {
  const logits = [...all.subarray(from, from + CLASSES)];
  const most = Math.max(...logits);
  const shares = logits.map((logit) => Math.exp(logit - most));
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

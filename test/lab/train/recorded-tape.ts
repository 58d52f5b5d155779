import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import { Random } from '../../../lab/train/random.ts';
import type { Engine, Tf } from '../../../src/model/engine.ts';
import type { TrainingSteps } from './training-steps.ts';

/** An operation that the gradient of a loss goes through. */
export interface Recorded {
  readonly kernel: string;
  readonly inputs: NamedTensorMap | readonly Tensor[];
  readonly shapes: readonly (readonly number[])[];
  readonly attributes: object;
  /** False inside a `tf.customGrad`, which has its own gradient. */
  readonly needsGradient: boolean;
}

/** The first gradient computation of a training. */
export interface RecordedStep {
  readonly operations: readonly Recorded[];
  /** Slope of the loss along a direction of each variable, from its gradient and from differences. */
  readonly slopes: readonly {
    readonly variable: string;
    readonly gradient: number;
    readonly measured: number;
  }[];
}

type AddTapeNode = (
  kernel: string,
  inputs: NamedTensorMap,
  outputs: Tensor[],
  gradient: unknown,
  saved: unknown,
  attributes: object,
) => void;

/** Runs a training up to its first gradient and records the operations and slopes of the loss. */
export async function recordFirstStep(
  { tf, ...engine }: Engine,
  train: TrainingSteps,
): Promise<RecordedStep> {
  const stop = new AbortController();
  let first: RecordedStep | undefined;
  const variableGrads: Tf['variableGrads'] = (loss, variables) => {
    if (!first) {
      stop.abort();
      tf.tidy(() => {
        first = stepOf(tf, loss, variables!);
      });
    }
    return tf.variableGrads(loss, variables);
  };
  const watched = new Proxy({} as Tf, {
    get: (_, key) => (key === 'variableGrads' ? variableGrads : tf[key as keyof Tf]),
  });
  await train({ ...engine, tf: watched }, stop.signal);
  return first!;
}

function stepOf(tf: Tf, loss: () => Scalar, variables: Variable[]): RecordedStep {
  const random = new Random(7);
  const moved = (variable: Variable, change: (i: number) => number) => {
    variable.assign(
      tf.tensor(
        (variable.dataSync() as Float32Array).map((x, i) => x + change(i)),
        variable.shape,
      ),
    );
  };
  // Heads start at 0, which would make the gradients of the layers below 0.
  for (const variable of variables) moved(variable, () => 0.2 * random.normal());
  const operations = operationsOf(tf, variables, () => tf.variableGrads(loss, variables));
  const { grads } = tf.variableGrads(loss, variables);
  const slopes = variables.map((variable) => {
    const gradient = grads[variable.name]!.dataSync() as Float32Array;
    const uneven = gradient.map((g) => g * random.between(0.3, 1.7));
    const length = Math.hypot(...uneven) || 1;
    const direction = uneven.map((x) => x / length);
    const before = variable.dataSync().slice();
    const at = (distance: number): number => {
      variable.assign(tf.tensor(before, variable.shape));
      moved(variable, (i) => distance * direction[i]!);
      return loss().dataSync()[0]!;
    };
    const step = 1e-3; // with a larger step, too many units of a convolution cross a kink
    const measured = (at(step) - at(-step)) / (2 * step);
    variable.assign(tf.tensor(before, variable.shape));
    const along = gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0);
    return { variable: variable.name, gradient: along, measured };
  });
  return { operations, slopes };
}

/** The operations that depend on a variable. */
function operationsOf(tf: Tf, variables: readonly Variable[], run: () => void): Recorded[] {
  const engine = tf.engine() as unknown as { addTapeNode: AddTapeNode };
  const dependent = new Set(variables.map(({ id }) => id));
  const operations: Recorded[] = [];
  const recording: AddTapeNode = (kernel, inputs, outputs, gradient, saved, attributes) => {
    const tensors = Object.values(inputs);
    if (tensors.some(({ id }) => dependent.has(id))) {
      for (const { id } of outputs) dependent.add(id);
      const shapes = tensors.map(({ shape }) => shape);
      operations.push({ kernel, inputs, shapes, attributes, needsGradient: !gradient });
    }
    addTapeNode.call(engine, kernel, inputs, outputs, gradient, saved, attributes);
  };
  const { addTapeNode } = engine;
  engine.addTapeNode = recording;
  try {
    run();
  } finally {
    engine.addTapeNode = addTapeNode;
  }
  return operations;
}

import type { GradConfig, NamedAttrMap, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';
import { type ConvolutionSteps, filterGradient } from './filter-gradient.ts';

/**
 * Registers the gradients of the operations that the networks and their losses use; every one is tested on the engines
 * cpu and wasm in test/lab/train/kernel-gradients.test.ts.
 *
 * The native engines include all gradients. The core of TensorFlow.js includes none in Node: they are in the package
 * `@tensorflow/tfjs`, which is over 200 MB, or in files that Node cannot import.
 */
export function registerGradients(tf: Tf): void {
  for (const config of [...gradients(tf), ...convolutionGradients(tf)]) {
    if (!tf.getGradient(config.kernelName)) tf.registerGradient(config);
  }
}

function gradients(tf: Tf): GradConfig[] {
  /** Sums a gradient over the axes along which `shape` was broadcast. */
  const sumTo = (gradient: Tensor, { shape }: Tensor): Tensor => {
    const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
    return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, shape);
  };
  /** The shape of a reduced tensor with its axes kept; without an axis, all are reduced. */
  const keptShape = ({ shape }: Tensor, axis: unknown): number[] => {
    const reduced = axis === undefined || axis === null ? shape.keys() : [axis].flat();
    const axes = new Set(reduced as Iterable<number>);
    return shape.map((n, i) => (axes.has(i) ? 1 : n));
  };
  const ofInput = (
    kernelName: string,
    gradFunc: (dy: Tensor, x: Tensor, attributes: Record<string, unknown>) => Tensor,
  ): GradConfig => ({
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => ({
      x: () => gradFunc(dy as Tensor, x!, attributes as Record<string, unknown>),
    }),
  });
  const ofOutput = (kernelName: string, gradFunc: (dy: Tensor, y: Tensor) => Tensor): GradConfig => ({
    kernelName,
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ x: () => gradFunc(dy as Tensor, y!) }),
  });
  const ofLogits = (kernelName: string, gradFunc: (dy: Tensor, y: Tensor) => Tensor): GradConfig => ({
    kernelName,
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ logits: () => gradFunc(dy as Tensor, y!) }),
  });
  const ofPair = (
    kernelName: string,
    a: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
    b: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
  ): GradConfig => ({
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [x, y]) => ({ a: () => a(dy as Tensor, x!, y!), b: () => b(dy as Tensor, x!, y!) }),
  });

  return [
    ofPair(
      'Add',
      (dy, a) => sumTo(dy, a),
      (dy, _, b) => sumTo(dy, b),
    ),
    ofPair(
      'Sub',
      (dy, a) => sumTo(dy, a),
      (dy, _, b) => sumTo(tf.neg(dy), b),
    ),
    ofPair(
      'Multiply',
      (dy, a, b) => sumTo(tf.mul(dy, b), a),
      (dy, a, b) => sumTo(tf.mul(dy, a), b),
    ),
    ofPair(
      'RealDiv',
      (dy, a, b) => sumTo(tf.div(dy, b), a),
      (dy, a, b) => sumTo(tf.neg(tf.div(tf.mul(dy, a), tf.square(b))), b),
    ),
    ofPair(
      'BatchMatMul', // never transposed here
      (dy, _, b) => tf.matMul(dy, b, false, true),
      (dy, a) => tf.matMul(a, dy, true, false),
    ),
    ofOutput('Sigmoid', (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
    ofOutput('Tanh', (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
    ofOutput('Exp', (dy, y) => tf.mul(dy, y)),
    ofOutput('Sqrt', (dy, y) => tf.div(dy, tf.mul(2, y))),
    ofLogits('Softmax', (dy, y) => {
      const flow = tf.mul(dy, y);
      return tf.sub(flow, tf.mul(tf.sum(flow, -1, true), y));
    }),
    ofLogits('LogSoftmax', (dy, y) => tf.sub(dy, tf.mul(tf.sum(dy, -1, true), tf.exp(y)))),
    { kernelName: 'Neg', gradFunc: (dy) => ({ x: () => tf.neg(dy as Tensor) }) },
    ofInput('Relu', (dy, x) => tf.mul(dy, tf.step(x))),
    ofInput('Square', (dy, x) => tf.mul(dy, tf.mul(2, x))),
    ofInput('Reshape', (dy, x) => tf.reshape(dy, x.shape)),
    ofInput('Sum', (dy, x, { axis }) => tf.mul(tf.reshape(dy, keptShape(x, axis)), tf.onesLike(x))),
    ofInput('Mean', (dy, x, { axis }) => {
      const kept = keptShape(x, axis);
      const scale = kept.reduce((product, n) => product * n, 1) / x.size;
      return tf.mul(tf.reshape(tf.mul(dy, scale), kept), tf.onesLike(x));
    }),
    ofInput('Transpose', (dy, _, { perm }) => {
      const back = (perm as number[]).map((_, i) => (perm as number[]).indexOf(i));
      return tf.transpose(dy, back);
    }),
    ofInput('ClipByValue', (dy, x, { clipValueMin, clipValueMax }) => {
      const inside = tf.mul(
        tf.step(tf.sub(x, clipValueMin as number)),
        tf.step(tf.sub(clipValueMax as number, x)),
      );
      return tf.mul(dy, inside);
    }),
    ofInput('Slice', (dy, x, { begin, size }) => {
      const around = (size as number[]).map((n, i): [number, number] => {
        const before = (begin as number[])[i]!;
        return [before, x.shape[i]! - before - (n < 0 ? x.shape[i]! - before : n)];
      });
      return tf.pad(dy, around);
    }),
    {
      kernelName: 'Concat',
      saveAllInputs: true,
      gradFunc: (dy, saved, attributes) => {
        const { axis } = attributes as unknown as { axis: number };
        const parts = tf.split(
          dy as Tensor2D,
          saved.map(({ shape }) => shape[axis]!),
          axis,
        );
        return Object.fromEntries(parts.map((part, i) => [i, () => part]));
      },
    },
    {
      kernelName: 'SplitV',
      gradFunc: (dy, _, attributes) => {
        const { axis } = attributes as unknown as { axis: number };
        return { x: () => tf.concat(dy as Tensor[], axis) };
      },
    },
  ];
}

/**
 * Gradients of convolution and pooling, for the engine cpu. The engine wasm lacks the operations to compute them.
 */
function convolutionGradients(tf: Tf): GradConfig[] {
  const run = (kernel: string, inputs: Record<string, Tensor>, attributes: object): Tensor =>
    tf.engine().runKernel(kernel, inputs, attributes as NamedAttrMap);
  return [
    {
      kernelName: 'Conv2D',
      inputsToSave: ['x', 'filter'],
      gradFunc: (dy, [x, filter], attributes) => {
        const { strides, pad, dataFormat, dimRoundingMode } = attributes as Record<string, unknown>;
        const how = { strides, pad, dataFormat, dimRoundingMode };
        const dOut = dy as Tensor4D;
        return {
          x: () =>
            run('Conv2DBackpropInput', { dy: dOut, filter: filter! }, { ...how, inputShape: x!.shape }),
          filter: () =>
            filterGradient(
              tf,
              x as Tensor4D,
              dOut,
              (filter as Tensor4D).shape,
              attributes as unknown as ConvolutionSteps,
            ),
        };
      },
    },
    {
      kernelName: 'MaxPool',
      inputsToSave: ['x'],
      outputsToSave: [true],
      gradFunc: (dy, [input, output], attributes) => {
        const { filterSize, strides, pad } = attributes as Record<string, unknown>;
        return {
          x: () =>
            run(
              'MaxPoolGrad',
              { dy: dy as Tensor, input: input!, output: output! },
              { filterSize, strides, pad },
            ),
        };
      },
    },
  ];
}

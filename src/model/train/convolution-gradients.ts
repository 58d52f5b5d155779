import type { GradConfig, NamedAttrMap, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Tf } from '../engine.ts';

/**
 * Gradients of convolution and pooling, for engines that bring none along: those in plain JavaScript. The engine of
 * WebAssembly cannot compute them, as it lacks the operations.
 */
export function convolutionGradients(tf: Tf): GradConfig[] {
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
            run('Conv2DBackpropFilter', { x: x!, dy: dOut }, { ...how, filterShape: filter!.shape }),
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

import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../src/model/engine.ts';

/** How the convolution moved, as its kernel has it. */
export interface ConvolutionSteps {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
}

/**
 * The gradient of a convolution's filter, in plain JavaScript: the kernel of the engine cpu looks up every factor of every
 * product by its four indices, which takes several times as long.
 *
 * @param x [batch, height, width, in]
 * @param dy [batch, height out, width out, out]
 * @param shape of the filter: [height, width, in, out]
 */
export function filterGradient(
  tf: Tf,
  x: Tensor4D,
  dy: Tensor4D,
  shape: Tensor4D['shape'],
  { strides, pad }: ConvolutionSteps,
): Tensor {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth, padInfo } =
    tf.backend_util.computeConv2DInfo(x.shape, shape, strides, 1, pad);
  const [filterHeight, filterWidth, inputs, outputs] = shape;
  const [from, by] = [x.dataSync(), dy.dataSync()];
  const sums = new Float64Array(filterHeight * filterWidth * inputs * outputs);
  for (let image = 0; image < batchSize; image++)
    for (let row = 0; row < outHeight; row++)
      for (let column = 0; column < outWidth; column++) {
        const dyAt = ((image * outHeight + row) * outWidth + column) * outputs;
        const [top, left] = [row * strideHeight - padInfo.top, column * strideWidth - padInfo.left];
        for (let i = Math.max(0, -top); i < Math.min(filterHeight, inHeight - top); i++)
          for (let j = Math.max(0, -left); j < Math.min(filterWidth, inWidth - left); j++) {
            const xAt = ((image * inHeight + top + i) * inWidth + left + j) * inputs;
            const sumAt = (i * filterWidth + j) * inputs * outputs;
            for (let input = 0; input < inputs; input++) {
              const factor = from[xAt + input]!;
              for (let output = 0; output < outputs; output++)
                sums[sumAt + input * outputs + output]! += factor * by[dyAt + output]!;
            }
          }
      }
  return tf.tensor4d(Float32Array.from(sums), shape);
}

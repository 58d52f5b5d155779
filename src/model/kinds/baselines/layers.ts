import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../engine.ts';
import { INPUT_LIMIT } from '../../standardized.ts';
import type { BaselineMemory, BaselineTensors, Shapes } from './architecture.ts';
import { byModule, byStream, initialLstmMemory, lstmSequence } from './lstm.ts';

/** Logits of two times four classes: the quadrants, then the emotion words. */
export const CLASS_LOGITS = 8;

/** The layers that the networks share, with one set of weights. */
export function createLayers(tf: Tf, weights: BaselineTensors) {
  const get = <T extends Tensor>(name: string) => weights[name] as T;

  /** x in standard deviations from the mean of the training data, along its last axis. */
  function standardize<T extends Tensor>(x: T): T {
    const z = tf.div(tf.sub(x, get('input/mean')), get('input/scale'));
    return tf.clipByValue(z, -INPUT_LIMIT, INPUT_LIMIT) as T;
  }

  /** [rows, any] → [rows, 1] */
  function meanSquare(z: Tensor): Tensor2D {
    return tf.mean(tf.square(tf.reshape(z, [z.shape[0]!, -1])), 1, true);
  }

  function dense(x: Tensor2D, name: string): Tensor2D {
    return tf.add(tf.matMul(x, get<Tensor2D>(`${name}/kernel`)), get(`${name}/bias`));
  }

  /** [modules, rows, inputs] → [modules, rows, outputs] */
  function denseByModule(x: Tensor3D, name: string, kernel = 'kernel'): Tensor3D {
    return tf.add(tf.matMul(x, get<Tensor3D>(`${name}/${kernel}`)), get(`${name}/bias`));
  }

  /** [rows, inputs] → [modules, rows, inputs] */
  function forModules(x: Tensor2D, modules: number): Tensor3D {
    const one: Tensor3D = tf.reshape(x, [1, ...x.shape]);
    return modules === 1 ? one : tf.tile(one, [modules, 1, 1]);
  }

  /**
   * LSTM layer number `layer` over [modules, steps · streams, inputs].
   *
   * @param memory with the `h` and `c` of that layer; absent: zeros
   */
  function lstm(
    x: Tensor3D,
    layer: number,
    steps: number,
    memory: BaselineMemory | undefined,
  ): { h: Tensor3D; memory: BaselineMemory } {
    const kernel = get<Tensor3D>(`lstm-${layer}/hidden-kernel`);
    const [modules, hidden] = kernel.shape;
    const [h, c] = [memory?.[`h${layer}`], memory?.[`c${layer}`]];
    const before =
      h && c
        ? { h: byModule(tf, h, modules), c: byModule(tf, c, modules) }
        : initialLstmMemory(tf, modules, x.shape[1] / steps, hidden);
    const gates = denseByModule(x, `lstm-${layer}`, 'input-kernel');
    const after = lstmSequence(tf, gates, kernel, steps, before);
    return {
      h: after.h,
      memory: {
        [`h${layer}`]: byStream(tf, after.memory.h),
        [`c${layer}`]: byStream(tf, after.memory.c),
      },
    };
  }

  /** [modules, rows, inputs] → [rows, 2]: one output from each of two modules, or both from one. */
  function emotion(x: Tensor3D): Tensor2D {
    const both = denseByModule(x, 'emotion');
    const [modules, rows] = both.shape;
    return modules === 1
      ? tf.reshape(both, [rows, 2])
      : tf.transpose(tf.reshape(both, [modules, rows]) as Tensor2D);
  }

  /** [1, rows, inputs] → [rows, CLASS_LOGITS] */
  function classes(x: Tensor3D): Tensor2D {
    const logits = denseByModule(x, 'classes');
    return tf.reshape(logits, [logits.shape[1], logits.shape[2]]);
  }

  return { get, standardize, meanSquare, dense, denseByModule, forModules, lstm, emotion, classes };
}

/** The arrays of one LSTM layer. Gates in the order input, forget, output, cell. */
export function lstmShapes(name: string, modules: number, inputs: number, hidden: number): Shapes {
  return {
    [`${name}/input-kernel`]: [modules, inputs, 4 * hidden],
    [`${name}/hidden-kernel`]: [modules, hidden, 4 * hidden],
    [`${name}/bias`]: [modules, 1, 4 * hidden],
  };
}

/** The state of one or two LSTM layers: `length` numbers each for h and c. */
export function lstmMemory(layers: number, length: number): Record<string, number> {
  return layers === 1 ? { h1: length, c1: length } : { h1: length, c1: length, h2: length, c2: length };
}

/** The arrays of the last layer: one output from each of two modules, or both from one. Classes need a single module. */
export function headShapes(modules: number, inputs: number, classes: boolean): Shapes {
  return {
    'emotion/kernel': [modules, inputs, 2 / modules],
    'emotion/bias': [modules, 1, 2 / modules],
    ...(classes ? { 'classes/kernel': [1, inputs, CLASS_LOGITS], 'classes/bias': [1, 1, CLASS_LOGITS] } : {}),
  };
}

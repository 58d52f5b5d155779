import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Tf } from '../../engine.ts';
import type { SeedMemory, SeedTensors } from './architecture.ts';
import { byModule, byStream, freshLstm, lstmSequence } from './lstm.ts';

/** Standardised inputs are held within this many standard deviations, so that odd sound cannot shout. */
const INPUT_LIMIT = 5;

/** What the networks are made of, over one set of weights. */
export function createLayers(tf: Tf, weights: SeedTensors) {
  const get = <T extends Tensor>(name: string) => weights[name] as T;

  /** x in standard deviations from the training data's mean, along its last axis. */
  function standardise<T extends Tensor>(x: T): T {
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
   * @param memory holds `h` and `c` of that number; absent: fresh
   */
  function lstm(
    x: Tensor3D,
    layer: number,
    steps: number,
    memory: SeedMemory | undefined,
  ): { h: Tensor3D; memory: SeedMemory } {
    const kernel = get<Tensor3D>(`lstm-${layer}/hidden-kernel`);
    const [modules, hidden] = kernel.shape;
    const [h, c] = [memory?.[`h${layer}`], memory?.[`c${layer}`]];
    const before =
      h && c
        ? { h: byModule(tf, h, modules), c: byModule(tf, c, modules) }
        : freshLstm(tf, modules, x.shape[1] / steps, hidden);
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

  /** [modules, rows, inputs] → [rows, 2]: one number of each of two modules, or both of one. */
  function emotion(x: Tensor3D): Tensor2D {
    const said = denseByModule(x, 'emotion');
    const [modules, rows] = said.shape;
    return modules === 1
      ? tf.reshape(said, [rows, 2])
      : tf.transpose(tf.reshape(said, [modules, rows]) as Tensor2D);
  }

  /** [1, rows, inputs] → [rows, CLASS_LOGITS] */
  function classes(x: Tensor3D): Tensor2D {
    const said = denseByModule(x, 'classes');
    return tf.reshape(said, [said.shape[1], said.shape[2]]);
  }

  return { get, standardise, meanSquare, dense, denseByModule, forModules, lstm, emotion, classes };
}

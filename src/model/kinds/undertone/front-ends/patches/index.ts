import { join } from 'node:path';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { HARMONY_FEATURES } from '../../../../../stream/chroma/harmony.ts';
import { MEL_BANDS } from '../../../../../stream/mel.ts';
import { WINDOW_FRAMES } from '../../../../../stream/mel-ring.ts';
import type { ModelInput, ModelState } from '../../../../../types.ts';
import type { Engine } from '../../../../engine.ts';
import { framesReceived, SUMMARY_LENGTH, summaryOf } from '../../../../summary.ts';
import { fetchTidy } from '../../../../tensors.ts';
import type { FrontEnd, FrontEndKind } from '../front-end.ts';
import {
  type Dictionary,
  PATCH_FRAMES,
  PATCH_INPUTS,
  PATCH_SIZE,
  PATCH_STRIDE,
  PATCHES,
  PATCHES_A_STEP,
  readDictionary,
} from './dictionary.ts';
import { MEMORY_LENGTH, pool } from './pool.ts';

const HARMONY_AT = SUMMARY_LENGTH + PATCH_INPUTS;
const INPUTS: number = HARMONY_AT + HARMONY_FEATURES;

/** Statistics of the mel window, activations of learned spectrogram patches, and harmony. */
export const patches: FrontEndKind = { inputs: INPUTS, load: loadPatchesFrontEnd };

/** @param modelsFolder the folder that contains `patches` with the learned dictionary */
async function loadPatchesFrontEnd(engine: Engine, modelsFolder: string): Promise<FrontEnd> {
  return createPatchesFrontEnd(engine, await readDictionary(join(modelsFolder, 'patches')));
}

/**
 * Statistics of the mel window, the activations of its short spectrogram patches on a dictionary that was learned without
 * labels (Coates & Ng 2012), and harmony.
 *
 * Only the new patches of a step are computed; the results of earlier ones are in the state.
 */
export function createPatchesFrontEnd({ tf }: Engine, dictionary: Dictionary): FrontEnd {
  const kernel: Tensor2D = tf.tensor2d(dictionary.kernel, [PATCH_SIZE, PATCHES]);
  const bias: Tensor1D = tf.tensor1d(dictionary.bias);

  /** [streams · PATCHES_A_STEP, PATCHES], for each stream the newest patch first. */
  function encode(inputs: readonly ModelInput[]): Float32Array {
    // Fresh arrays here and below, because engines may keep a reference instead of copying.
    const cut = new Float32Array(inputs.length * PATCHES_A_STEP * PATCH_SIZE);
    let at = 0;
    for (const { window } of inputs) {
      for (let i = 0; i < PATCHES_A_STEP; i++, at += PATCH_SIZE) {
        const first = WINDOW_FRAMES - PATCH_FRAMES - i * PATCH_STRIDE;
        cut.set(window.mel.subarray(first * MEL_BANDS, (first + PATCH_FRAMES) * MEL_BANDS), at);
      }
    }
    const [strengths] = fetchTidy(tf, () => {
      const rows = tf.tensor2d(cut, [inputs.length * PATCHES_A_STEP, PATCH_SIZE]);
      return [tf.fused.matMul({ a: rows, b: kernel, bias, activation: 'relu' })];
    });
    return strengths!;
  }

  return {
    inputs: INPUTS,
    needs: ['harmony'],
    initialState: () => ({ patches: new Float32Array(MEMORY_LENGTH) }),
    extract(inputs) {
      if (inputs.some(({ state }) => state.patches?.length !== MEMORY_LENGTH)) return undefined;
      const strengths = encode(inputs);
      const size = PATCHES_A_STEP * PATCHES;
      const rows = new Float32Array(inputs.length * INPUTS);
      const states: ModelState[] = inputs.map(({ window, state }, i) => {
        const frames = framesReceived(window.step);
        rows.set(summaryOf(window), i * INPUTS);
        if (!window.harmony) throw new Error('this window lacks harmony');
        rows.set(window.harmony, i * INPUTS + HARMONY_AT);
        const own = strengths.subarray(i * size, (i + 1) * size);
        const count = Math.floor((frames - PATCH_FRAMES) / PATCH_STRIDE) + 1;
        return { patches: pool(state.patches!, own, count, rows, i * INPUTS + SUMMARY_LENGTH) };
      });
      return { rows, states };
    },
    dispose: () => tf.dispose([kernel, bias]),
  };
}

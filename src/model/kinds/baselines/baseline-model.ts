import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { EmotionModel, ModelInput, ModelOutput, ModelState } from '../../../types.ts';
import { calibratedSd, confidenceOf } from '../../calibration.ts';
import type { Engine } from '../../engine.ts';
import { clamp, readingStays } from '../../forecast.ts';
import { uploadWeights } from '../../tensors.ts';
import { foreignState } from '../kind.ts';
import type { BaselineFile } from './baseline-file.ts';
import { createBaselineNetwork, memoryLengths, rowMaker } from './systems.ts';

/** Columns of the row that the engine returns per stream: valence, arousal, novelty, then the memory. */
const NOVELTY = 2;
const MEMORY = 3;

/** Loads a baseline onto an engine. The result holds no state of any stream. */
export function createBaselineModel(file: BaselineFile, { name: engine, tf }: Engine): EmotionModel {
  const { network: config, calibration } = file;
  const rows = rowMaker(config);
  const lengths = Object.entries(memoryLengths(config));
  const tensors = uploadWeights(tf, file.weights);
  const network = createBaselineNetwork(tf, tensors, config);
  // Baselines do not predict their errors: the sd is a constant, measured on songs outside the training set.

  function initialState(): ModelState {
    return Object.fromEntries(lengths.map(([name, length]) => [name, new Float32Array(length)]));
  }

  /** [streams, length] one array of the memory of all streams. */
  function gather(inputs: readonly ModelInput[], name: string, length: number): Tensor2D {
    const all = new Float32Array(inputs.length * length);
    for (const [i, { state }] of inputs.entries()) {
      const own = state[name];
      if (own?.length !== length) throw foreignState(file.name);
      all.set(own, i * length);
    }
    return tf.tensor2d(all, [inputs.length, length]);
  }

  function step(inputs: readonly ModelInput[]): ModelOutput[] {
    if (inputs.length === 0) return [];
    const input = new Float32Array(inputs.length * rows.length);
    for (const [i, { window, state }] of inputs.entries()) {
      if (!window.clip) throw new Error(`the model "${file.name}" needs clips, but this window has none`);
      if (Object.keys(state).length !== lengths.length) throw foreignState(file.name);
      rows.write(window.clip, input, i * rows.length);
    }
    let fetched: Float32Array = input;
    tf.tidy(() => {
      const before = Object.fromEntries(
        lengths.map(([name, length]) => [name, gather(inputs, name, length)]),
      );
      const after = network.step(tf.tensor2d(input, [inputs.length, rows.length]), before);
      const memory = lengths.map(([name]) => after.memory[name]!);
      const whole = tf.concat2d([after.outputs.emotion, after.outputs.novelty, ...memory], 1);
      fetched = whole.dataSync() as Float32Array;
    });
    const width = fetched.length / inputs.length;
    return inputs.map((_, i) => outputOf(fetched.subarray(i * width, (i + 1) * width)));
  }

  function outputOf(row: Float32Array): ModelOutput {
    const [valence, arousal] = [clamp(row[0]!), clamp(row[1]!)];
    const valenceSd = calibratedSd(1, row[NOVELTY]!, 'valence', calibration);
    const arousalSd = calibratedSd(1, row[NOVELTY]!, 'arousal', calibration);
    const state: Record<string, Float32Array> = {};
    let at = MEMORY;
    for (const [name, length] of lengths) {
      state[name] = row.slice(at, at + length);
      at += length;
    }
    return {
      valence,
      arousal,
      valenceSd,
      arousalSd,
      confidence: confidenceOf(valenceSd, arousalSd, row[NOVELTY]!, calibration),
      forecast: readingStays({ valence, arousal, valenceSd, arousalSd }),
      state,
    };
  }

  return {
    name: file.name,
    engine,
    needs: 'clip',
    initialState,
    step,
    dispose() {
      tf.dispose(tensors);
    },
  };
}

import type { Tensor2D } from '@tensorflow/tfjs-core';
import {
  type EmotionModel,
  FORECAST_HORIZONS,
  type ModelInput,
  type ModelOutput,
  type ModelState,
  type StepWindow,
} from '../../../types.ts';
import { calibratedSd, confidenceOf } from '../../calibration.ts';
import type { Engine } from '../../engine.ts';
import { forecastOf } from '../../forecast.ts';
import { historyOf, historyState, NO_HISTORY, nextHistory } from '../../reading-forecast/history.ts';
import { forecastReadings } from '../../reading-forecast/reading-forecast.ts';
import { fetchTidy, uploadWeights } from '../../tensors.ts';
import { foreignState } from '../kind.ts';
import {
  boundaryOf,
  boundaryProbability,
  boundaryState,
  initialBoundary,
  nextBoundary,
  renewalOf,
  renewed,
  standardizeRow,
} from './boundary.ts';
import { widen } from './ensemble.ts';
import type { Extracted, FrontEnd } from './front-ends/front-end.ts';
import { createMelFrontEnd } from './front-ends/mel.ts';
import { type Level, levelOf, levelState, NO_LEVEL, nextLevel } from './level.ts';
import type { ModelFile } from './model-file.ts';
import { createNetwork } from './network.ts';

/** What is known of the present song. */
interface Song {
  readonly level: Level;
  readonly boundary: ModelState;
  /** Absent: the model has no boundary detector. */
  readonly detected?: Pick<Required<ModelOutput>, 'boundary' | 'renewal'>;
}

const CHANGES = 2 * FORECAST_HORIZONS.length;
/** Columns of the row that the engine returns per stream: emotion, log sd, novelty, changes, h, c. */
const LOG_SD = 2;
const NOVELTY = 4;
const CHANGE = 5;
const MEMORY = CHANGE + CHANGES;

/**
 * Loads a model's weights onto an engine. The result holds no state of any stream.
 *
 * @param frontEnd created for this engine; it is disposed of with the model
 */
export function createEmotionModel(
  file: ModelFile,
  { name: engine, tf }: Engine,
  frontEnd: FrontEnd = createMelFrontEnd(),
): EmotionModel {
  const { network: config, calibration, boundary: detector, forecast } = file;
  const { 'input/mean': mean, 'input/scale': scale } = file.weights;
  const hidden = config.members * config.hidden;
  const tensors = uploadWeights(tf, widen(file.weights, config));
  const network = createNetwork(tf, tensors, config);

  function initialState(): ModelState {
    const memory = { h: new Float32Array(hidden), c: new Float32Array(hidden) };
    return { ...frontEnd.initialState(), ...memory, ...initialSong() };
  }

  function step(inputs: readonly ModelInput[]): ModelOutput[] {
    if (inputs.length === 0) return [];
    const extracted = frontEnd.extract(inputs);
    if (!extracted) throw foreignState(file.name);
    const rows = compute(
      extracted.rows,
      inputs.map(({ state }) => state),
    );
    return inputs.map(({ state }, i) => outputOf(extracted, rows, i, state));
  }

  function run(windows: readonly StepWindow[], state: ModelState): ModelOutput[] {
    if (windows.length === 0) return [];
    const extracted = frontEnd.extractRun ? frontEnd.extractRun(windows, state) : extractEach(windows, state);
    if (!extracted) throw foreignState(file.name);
    const rows = compute(extracted.rows, [state]);
    let before = state;
    return windows.map((_, i) => {
      const output = outputOf(extracted, rows, i, before);
      before = output.state;
      return output;
    });
  }

  /** Successive steps of one stream by a front end that computes one at a time. */
  function extractEach(windows: readonly StepWindow[], state: ModelState): Extracted | undefined {
    const rows = new Float32Array(windows.length * frontEnd.inputs);
    const states: ModelState[] = [];
    for (const [i, window] of windows.entries()) {
      const extracted = frontEnd.extract([{ window, state: states.at(-1) ?? state }]);
      if (!extracted) return undefined;
      rows.set(extracted.rows, i * frontEnd.inputs);
      states.push(extracted.states[0]!);
    }
    return { rows, states };
  }

  /**
   * Computes the whole batch on the engine and reads it back once: [times · streams, MEMORY + 2 · hidden] row-major.
   *
   * @param rows [times · streams, inputs], time-major: only the LSTM is computed one time after another
   * @param states of the streams before the first time
   */
  function compute(rows: Float32Array, states: readonly ModelState[]): Float32Array {
    const streams = states.length;
    const all = rows.length / frontEnd.inputs;
    // Fresh arrays, because engines may keep a reference instead of copying.
    const memory = { h: new Float32Array(streams * hidden), c: new Float32Array(streams * hidden) };
    for (const [i, { h, c }] of states.entries()) {
      if (h?.length !== hidden || c?.length !== hidden) throw foreignState(file.name);
      memory.h.set(h, i * hidden);
      memory.c.set(c, i * hidden);
    }
    const [computed] = fetchTidy(tf, () => {
      const z = network.standardize(tf.tensor2d(rows, [all, frontEnd.inputs]));
      const features = network.project(z);
      const { h, c } = network.lstmRun(network.gateInputs(features), {
        h: tf.tensor2d(memory.h, [streams, hidden]),
        c: tf.tensor2d(memory.c, [streams, hidden]),
      });
      const { emotion, logSd, change } = network.heads(h, features, z);
      const novelty: Tensor2D = tf.mean(tf.square(z), 1, true);
      return [tf.concat2d([emotion, logSd, novelty, change, h, c], 1)];
    });
    return computed!;
  }

  function initialSong(): ModelState {
    const past = forecast && historyState(NO_HISTORY);
    return {
      ...levelState(NO_LEVEL),
      ...past,
      ...(detector && boundaryState(initialBoundary(frontEnd.inputs))),
    };
  }

  /** What is known of the present song: the level before this step, which begins anew at a boundary. */
  function nextSong(state: ModelState, row: Float32Array): Song {
    const level = levelOf(state);
    if (!level) throw foreignState(file.name);
    if (!detector) return { level, boundary: {} };
    const before = boundaryOf(state, frontEnd.inputs);
    if (!before) throw foreignState(file.name);
    const now = nextBoundary(before, standardizeRow(row, mean!.values, scale!.values));
    const probability = boundaryProbability(detector, now);
    const renewal = renewalOf(detector, probability);
    return {
      level: { ...level, steps: level.steps * (1 - renewal) },
      boundary: boundaryState(renewed(now, renewal)),
      detected: { boundary: probability, renewal },
    };
  }

  /**
   * @param rows of all steps, as `compute` returns them; step `i` is that of the output
   * @param before the state before the step
   */
  function outputOf(extracted: Extracted, rows: Float32Array, i: number, before: ModelState): ModelOutput {
    const width = MEMORY + 2 * hidden;
    const row = rows.subarray(i * width, (i + 1) * width);
    const song = nextSong(before, extracted.rows.subarray(i * frontEnd.inputs, (i + 1) * frontEnd.inputs));
    const past = forecast && historyOf(before);
    if (forecast && !past) throw foreignState(file.name);
    const level = nextLevel(song.level, row[0]!, row[1]!, config.leastShare);
    const { valence, arousal } = level;
    const history = past && nextHistory(past, valence, arousal);
    const valenceSd = calibratedSd(Math.exp(row[LOG_SD]!), 'valence', calibration);
    const arousalSd = calibratedSd(Math.exp(row[LOG_SD + 1]!), 'arousal', calibration);
    return {
      valence,
      arousal,
      valenceSd,
      arousalSd,
      confidence: confidenceOf(valenceSd, arousalSd, row[NOVELTY]!, calibration),
      ...song.detected,
      forecast: history
        ? forecastReadings(forecast!, history)
        : forecastOf(
            {
              valence,
              arousal,
              valenceSd,
              arousalSd,
              valenceChange: (i) => row[CHANGE + 2 * i]!,
              arousalChange: (i) => row[CHANGE + 2 * i + 1]!,
            },
            calibration,
          ),
      state: {
        ...extracted.states[i]!,
        h: row.slice(MEMORY, MEMORY + hidden),
        c: row.slice(MEMORY + hidden),
        ...levelState(level),
        ...song.boundary,
        ...(history && historyState(history)),
      },
    };
  }

  return {
    name: file.name,
    engine,
    ...(frontEnd.needs && { needs: frontEnd.needs }),
    ...(frontEnd.early && { early: frontEnd.early }),
    initialState,
    step,
    run,
    dispose() {
      tf.dispose(tensors);
      frontEnd.dispose();
    },
  };
}

import type { EmotionModel, ModelInput, ModelOutput, ModelState, StepWindow } from '../../../types.ts';
import { concatFloats } from '../../../util/concat-floats.ts';
import { calibratedSd, confidenceOf } from '../../calibration.ts';
import type { Engine } from '../../engine.ts';
import { readingStays } from '../../forecast.ts';
import {
  type History,
  historyOf,
  historyState,
  NO_HISTORY,
  nextHistory,
} from '../../reading-forecast/history.ts';
import { forecastReadings } from '../../reading-forecast/reading-forecast.ts';
import { foreignState } from '../kind.ts';
import { boundaryProbability, renewalOf } from './boundary.ts';
import { engineStep } from './engine-step.ts';
import { widen } from './ensemble.ts';
import type { Extracted, FrontEnd } from './front-ends/front-end.ts';
import { createMelFrontEnd } from './front-ends/mel.ts';
import { fitsKernels, kernelStep } from './kernel-step.ts';
import { type Level, levelOf, levelState, NO_LEVEL, nextLevel } from './level.ts';
import type { ModelFile } from './model-file.ts';
import { LOG_SD, MEMORY, NOVELTY } from './network-step.ts';
import {
  initialMeans,
  meansOf,
  meansState,
  nextMeans,
  renewed,
  type SongMeans,
  standardized,
} from './song-means.ts';

/** What is known of the present song. */
interface Song {
  readonly level: Level;
  /** Absent: neither a boundary detector nor a kernel regression needs them. */
  readonly means?: SongMeans;
  /** Absent: the model has no boundary detector. */
  readonly detected?: Pick<Required<ModelOutput>, 'boundary' | 'renewal'>;
}

/**
 * Loads a model's weights onto an engine. The result holds no state of any stream.
 *
 * @param frontEnd created for this engine; it is disposed of with the model
 */
export function createEmotionModel(
  file: ModelFile,
  engine: Engine,
  frontEnd: FrontEnd = createMelFrontEnd(),
): EmotionModel {
  const { network: config, calibration, boundary: detector, forecast } = file;
  const { 'input/mean': mean, 'input/scale': scale } = file.weights;
  const hidden = config.members * config.hidden;
  const keepsMeans = detector !== undefined || config.landmarks > 0;
  const weights = widen(file.weights, config);
  const network =
    engine.name === 'wasm' && fitsKernels(config)
      ? kernelStep(weights, config)
      : engineStep(engine.tf, weights, config);

  function initialState(): ModelState {
    const memory = { h: new Float32Array(hidden), c: new Float32Array(hidden) };
    return { ...frontEnd.initialState(), ...memory, ...initialSong() };
  }

  function step(inputs: readonly ModelInput[]): ModelOutput[] {
    if (inputs.length === 0) return [];
    const extracted = frontEnd.extract(inputs);
    if (!extracted) throw foreignState(file.name);
    return outputsOf(
      extracted,
      inputs.map(({ state }) => state),
    );
  }

  /** The front end of all steps at once, then the networks one step after another. */
  function run(windows: readonly StepWindow[], state: ModelState): ModelOutput[] {
    const extracted = frontEnd.extractRun ? frontEnd.extractRun(windows, state) : extractEach(windows, state);
    if (!extracted) throw foreignState(file.name);
    const { rows, states } = extracted;
    const outputs: ModelOutput[] = [];
    for (let i = 0; i < windows.length; i++) {
      const row = rows.subarray(i * frontEnd.inputs, (i + 1) * frontEnd.inputs);
      outputs.push(...outputsOf({ rows: row, states: [states[i]!] }, [outputs.at(-1)?.state ?? state]));
    }
    return outputs;
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

  /** @param before each stream's state before the step */
  function outputsOf({ rows, states }: Extracted, before: readonly ModelState[]): ModelOutput[] {
    if (!before.every(({ h, c }) => h?.length === hidden && c?.length === hidden)) {
      throw foreignState(file.name);
    }
    const z = standardized(rows, mean!.values, scale!.values);
    const songs = before.map((state, i) =>
      nextSong(state, z.subarray(i * frontEnd.inputs, (i + 1) * frontEnd.inputs)),
    );
    const means =
      config.landmarks > 0
        ? concatFloats(songs.flatMap(({ means }) => [means!.short, means!.long]))
        : undefined;
    const computed = network.compute({ z, means, memories: before });
    const width = computed.length / before.length;
    return before.map((state, i) => {
      const past = forecast && historyOf(state);
      if (forecast && !past) throw foreignState(file.name);
      return outputOf(computed.subarray(i * width, (i + 1) * width), states[i]!, songs[i]!, past);
    });
  }

  function initialSong(): ModelState {
    const past = forecast && historyState(NO_HISTORY);
    return {
      ...levelState(NO_LEVEL),
      ...past,
      ...(keepsMeans && meansState(initialMeans(frontEnd.inputs))),
    };
  }

  /** What is known of the present song: the level before this step and the means after it, which begin anew at a boundary. */
  function nextSong(state: ModelState, row: Float32Array): Song {
    const level = levelOf(state);
    const before = keepsMeans ? meansOf(state, frontEnd.inputs) : undefined;
    if (!level || (keepsMeans && !before)) throw foreignState(file.name);
    if (!before) return { level };
    const means = nextMeans(before, row);
    if (!detector) return { level, means };
    const probability = boundaryProbability(detector, means);
    const renewal = renewalOf(detector, probability);
    return {
      level: { ...level, steps: level.steps * (1 - renewal) },
      means: renewed(means, renewal),
      detected: { boundary: probability, renewal },
    };
  }

  function outputOf(
    row: Float32Array,
    frontEndState: ModelState,
    song: Song,
    past: History | undefined,
  ): ModelOutput {
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
        : readingStays({ valence, arousal, valenceSd, arousalSd }),
      state: {
        ...frontEndState,
        h: row.slice(MEMORY, MEMORY + hidden),
        c: row.slice(MEMORY + hidden),
        ...levelState(level),
        ...(song.means && meansState(song.means)),
        ...(history && historyState(history)),
      },
    };
  }

  return {
    name: file.name,
    engine: engine.name,
    ...(frontEnd.needs && { needs: frontEnd.needs }),
    ...(frontEnd.early && { early: frontEnd.early }),
    initialState,
    step,
    run,
    dispose() {
      network.dispose();
      frontEnd.dispose();
    },
  };
}

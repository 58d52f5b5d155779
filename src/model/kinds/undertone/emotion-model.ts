import type { EmotionModel, ModelInput, ModelOutput, ModelState, StepWindow } from '../../../types.ts';
import { concatFloats } from '../../../util/concat-floats.ts';
import { calibratedSd, confidenceOf } from '../../calibration.ts';
import type { Engine } from '../../engine.ts';
import { readingStays } from '../../forecast.ts';
import { historyOf, historyState, NO_HISTORY, nextHistory } from '../../reading-forecast/history.ts';
import { forecastReadings } from '../../reading-forecast/reading-forecast.ts';
import { standardized } from '../../standardized.ts';
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
import { initialMeans, meansOf, meansState, nextMeans, renewed, type SongMeans } from './song-means.ts';

/** What the inputs alone reveal of the present song. */
interface Song {
  /** After the step. Absent: neither a boundary detector nor a kernel regression needs them. */
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

  /** All that does not depend on the step before is computed of all steps at once. */
  function run(windows: readonly StepWindow[], state: ModelState): ModelOutput[] {
    const extracted = frontEnd.extractRun ? frontEnd.extractRun(windows, state) : extractEach(windows, state);
    if (!extracted) throw foreignState(file.name);
    const z = standardized(extracted.rows, mean!.values, scale!.values);
    const songs: Song[] = [];
    let means = meansBefore(state);
    for (let i = 0; i < windows.length; i++) {
      songs.push(nextSong(means, rowOf(z, i)));
      means = songs[i]!.means;
    }
    checkMemory(state);
    const computed = network.run({ z, means: meansOfAll(songs), memory: state });
    const outputs: ModelOutput[] = [];
    for (const [i, song] of songs.entries()) {
      const before = outputs.at(-1)?.state ?? state;
      outputs.push(outputOf(before, computedRow(computed, i), extracted.states[i]!, song));
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
    before.forEach(checkMemory);
    const z = standardized(rows, mean!.values, scale!.values);
    const songs = before.map((state, i) => nextSong(meansBefore(state), rowOf(z, i)));
    const computed = network.compute({ z, means: meansOfAll(songs), memories: before });
    return before.map((state, i) => outputOf(state, computedRow(computed, i), states[i]!, songs[i]!));
  }

  function checkMemory({ h, c }: ModelState): void {
    if (h?.length !== hidden || c?.length !== hidden) throw foreignState(file.name);
  }

  const rowOf = (z: Float32Array, i: number) => z.subarray(i * frontEnd.inputs, (i + 1) * frontEnd.inputs);

  function computedRow(computed: Float32Array, i: number): Float32Array {
    const width = MEMORY + 2 * hidden;
    return computed.subarray(i * width, (i + 1) * width);
  }

  /** Of each song for the kernel regression, if there is one. */
  const meansOfAll = (songs: readonly Song[]) =>
    config.landmarks > 0
      ? concatFloats(songs.flatMap(({ means }) => [means!.short, means!.long]))
      : undefined;

  function initialSong(): ModelState {
    const past = forecast && historyState(NO_HISTORY);
    return {
      ...levelState(NO_LEVEL),
      ...past,
      ...(keepsMeans && meansState(initialMeans(frontEnd.inputs))),
    };
  }

  function meansBefore(state: ModelState): SongMeans | undefined {
    if (!keepsMeans) return undefined;
    const means = meansOf(state, frontEnd.inputs);
    if (!means) throw foreignState(file.name);
    return means;
  }

  /** @param row [inputs] standardized; the means begin anew at a boundary */
  function nextSong(before: SongMeans | undefined, row: Float32Array): Song {
    if (!before) return {};
    const means = nextMeans(before, row);
    if (!detector) return { means };
    const probability = boundaryProbability(detector, means);
    const renewal = renewalOf(detector, probability);
    return { means: renewed(means, renewal), detected: { boundary: probability, renewal } };
  }

  /** The level before a step, which begins anew at a boundary. */
  function levelBefore(state: ModelState, { detected }: Song): Level {
    const level = levelOf(state);
    if (!level) throw foreignState(file.name);
    return detected ? { ...level, steps: level.steps * (1 - detected.renewal) } : level;
  }

  function outputOf(
    before: ModelState,
    row: Float32Array,
    frontEndState: ModelState,
    song: Song,
  ): ModelOutput {
    const past = forecast && historyOf(before);
    if (forecast && !past) throw foreignState(file.name);
    const level = nextLevel(levelBefore(before, song), row[0]!, row[1]!, config.leastShare);
    const { valence, arousal } = level;
    const history = past && nextHistory(past, valence, arousal);
    const novelty = row[NOVELTY]!;
    const valenceSd = calibratedSd(Math.exp(row[LOG_SD]!), novelty, 'valence', calibration);
    const arousalSd = calibratedSd(Math.exp(row[LOG_SD + 1]!), novelty, 'arousal', calibration);
    return {
      valence,
      arousal,
      valenceSd,
      arousalSd,
      confidence: confidenceOf(valenceSd, arousalSd, novelty, calibration),
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

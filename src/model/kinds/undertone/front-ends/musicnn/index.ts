import { join } from 'node:path';
import type { ModelInput, ModelState } from '../../../../../types.ts';
import type { Engine } from '../../../../engine.ts';
import type { FrontEnd, FrontEndKind } from '../front-end.ts';
import type { Pruning } from './filters.ts';
import { loadMusicnn } from './musicnn.ts';
import { FEATURE_COUNT } from './sizes.ts';
import { hasSizes, type MusicnnState, type MusicnnStep } from './streaming.ts';

/**
 * The pretrained taggers, by the folder of their weights. They were trained on different music and tags, and emotion is
 * predicted better from the features of both than from either.
 */
export const TAGGERS = ['musicnn', 'musicnn-mtt'] as const;

/**
 * The pruning of each tagger: both together take less time than one without it. It was chosen by its effect on the
 * features (docs/model-journal.md); the second tagger depends less on single frames.
 */
const PRUNING: Readonly<Record<(typeof TAGGERS)[number], Pruning>> = {
  musicnn: { timbralStride: 2, temporalStride: 2, timeStride: 1, unsettledStride: 4 },
  'musicnn-mtt': { timbralStride: 2, temporalStride: 2, timeStride: 2, unsettledStride: 4 },
};

/** Number of features of all taggers. */
const MUSICNN_INPUTS: number = TAGGERS.length * FEATURE_COUNT;

/** Features of pretrained music taggers, whose weights are not trained further. */
export const musicnn: FrontEndKind = { inputs: MUSICNN_INPUTS, load: loadMusicnnFrontEnd };

/**
 * Activations of the taggers' upper layers over the last 3 s.
 *
 * @param modelsFolder the folder of the taggers' weights
 */
async function loadMusicnnFrontEnd(engine: Engine, modelsFolder: string): Promise<FrontEnd> {
  const taggers = await Promise.all(
    TAGGERS.map((name) => loadMusicnn(engine, join(modelsFolder, name), PRUNING[name])),
  );

  return {
    inputs: MUSICNN_INPUTS,
    initialState() {
      return Object.assign({}, ...taggers.map((tagger, i) => toModelState(tagger.initialState(), i)));
    },
    extract(inputs) {
      const rows = new Float32Array(inputs.length * MUSICNN_INPUTS);
      const states: ModelState[] = inputs.map(() => ({}));
      for (const [i, tagger] of taggers.entries()) {
        const streams = streamsOf(inputs, i);
        if (!streams) return undefined;
        for (const [k, { features, state }] of tagger.step(streams).entries()) {
          rows.set(features, k * MUSICNN_INPUTS + i * FEATURE_COUNT);
          states[k] = { ...states[k], ...toModelState(state, i) };
        }
      }
      return { rows, states };
    },
    dispose() {
      for (const tagger of taggers) tagger.dispose();
    },
  };
}

const NAMES = ['musicnnFront', 'musicnnFrames'] as const;

/** Adds the index of the tagger to the names in its state: `musicnnFront0`, … */
function toModelState(state: MusicnnState, i: number): ModelState {
  return Object.fromEntries(NAMES.map((name) => [`${name}${i}`, state[name]]));
}

/** Undefined if a state is from another model. */
function streamsOf(inputs: readonly ModelInput[], i: number): MusicnnStep[] | undefined {
  const streams = inputs.flatMap(({ window, state }) => {
    const [musicnnFront, musicnnFrames] = NAMES.map((name) => state[`${name}${i}`]);
    if (!musicnnFront || !musicnnFrames) return [];
    const own = { musicnnFront, musicnnFrames };
    return hasSizes(own) ? [{ window, state: own }] : [];
  });
  return streams.length === inputs.length ? streams : undefined;
}

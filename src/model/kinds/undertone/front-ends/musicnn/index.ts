import { join } from 'node:path';
import type { ModelInput, ModelState } from '../../../../../types.ts';
import type { Engine } from '../../../../engine.ts';
import type { FrontEnd, FrontEndKind } from '../front-end.ts';
import type { Pruning } from './filters.ts';
import { loadMusicnn } from './musicnn.ts';
import { FEATURE_COUNT } from './sizes.ts';
import { fits, type MusicnnState, type MusicnnStep } from './streaming.ts';

/**
 * The pretrained taggers, by the folder of their weights. They were trained on different music and tags, so
 * their features differ: emotions are predicted better from both than from either.
 */
export const TAGGERS = ['musicnn', 'musicnn-mtt'] as const;

/**
 * How much of each front end is left out: two taggers for less than the time of one. Which parts may go was
 * measured on the features that remain (docs/model-journal.md); the second tagger minds frames less than bands.
 */
export const PRUNING: Readonly<Record<(typeof TAGGERS)[number], Pruning>> = {
  musicnn: { timbralStride: 2, temporalStride: 2, timeStride: 1, unsettledStride: 4 },
  'musicnn-mtt': { timbralStride: 2, temporalStride: 2, timeStride: 2, unsettledStride: 4 },
};

/** Features of all taggers, one after another. */
export const MUSICNN_INPUTS: number = TAGGERS.length * FEATURE_COUNT;

/** Features of pretrained music taggers, frozen. */
export const musicnn: FrontEndKind = { inputs: MUSICNN_INPUTS, load: loadMusicnnFrontEnd };

/**
 * Activations of the taggers' upper layers over the last 3 s.
 *
 * @param modelsFolder where the folders of the taggers' weights lie
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

/** Tagger `i`'s part of a stream's state under names of its own: `musicnnFront0`, … */
function toModelState(state: MusicnnState, i: number): ModelState {
  return Object.fromEntries(NAMES.map((name) => [`${name}${i}`, state[name]]));
}

/** Undefined where a state is not of this kind. */
function streamsOf(inputs: readonly ModelInput[], i: number): MusicnnStep[] | undefined {
  const streams = inputs.flatMap(({ window, state }) => {
    const [musicnnFront, musicnnFrames] = NAMES.map((name) => state[`${name}${i}`]);
    if (!musicnnFront || !musicnnFrames) return [];
    const own = { musicnnFront, musicnnFrames };
    return fits(own) ? [{ window, state: own }] : [];
  });
  return streams.length === inputs.length ? streams : undefined;
}

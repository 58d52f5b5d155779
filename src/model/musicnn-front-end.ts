import { join } from 'node:path';
import type { ModelInput, ModelState } from '../types.ts';
import type { Engine } from './engine.ts';
import type { FrontEnd } from './front-end.ts';
import { FEATURE_COUNT } from './musicnn/features.ts';
import type { Pruning } from './musicnn/layers.ts';
import { loadMusicnn } from './musicnn/musicnn.ts';
import { fits, type MusicnnState, type MusicnnStep } from './musicnn/streaming.ts';

/**
 * The pretrained taggers that are heard through, by the folder of their weights. They were trained on
 * different music and tags, and hear different things: together they tell emotions better than either.
 */
export const TAGGERS = ['musicnn', 'musicnn-mtt'] as const;

/** Every fourth and every third band: two taggers for the time of one (docs/model-journal.md). */
export const PRUNING: Pruning = { timbralStride: 4, temporalStride: 3 };

export const MUSICNN_INPUTS: number = TAGGERS.length * FEATURE_COUNT;

/**
 * Pretrained music taggers, frozen, as an ear: what their upper layers hear in the last 3 s.
 *
 * @param modelsFolder where the folders of the taggers' weights lie
 */
export async function loadMusicnnFrontEnd(engine: Engine, modelsFolder: string): Promise<FrontEnd> {
  const taggers = await Promise.all(
    TAGGERS.map((name) => loadMusicnn(engine, join(modelsFolder, name), PRUNING)),
  );

  return {
    inputs: MUSICNN_INPUTS,
    initialState() {
      return Object.assign({}, ...taggers.map((tagger, i) => toModelState(tagger.initialState(), i)));
    },
    hear(inputs) {
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

import { join } from 'node:path';
import type { ModelInput, ModelState } from '../../../../../types.ts';
import type { Engine } from '../../../../engine.ts';
import type { FrontEnd } from '../front-end.ts';
import { FEATURE_COUNT } from './features.ts';
import { loadMusicnn } from './musicnn.ts';
import { fits, type MusicnnState, type MusicnnStep } from './streaming.ts';
import { MUSICNN_INPUTS, PRUNING, TAGGERS } from './taggers.ts';

/**
 * Pretrained music taggers, frozen, as an ear: what their upper layers hear in the last 3 s.
 *
 * @param modelsFolder where the folders of the taggers' weights lie
 */
export async function loadMusicnnFrontEnd(engine: Engine, modelsFolder: string): Promise<FrontEnd> {
  const taggers = await Promise.all(
    TAGGERS.map((name) => loadMusicnn(engine, join(modelsFolder, name), PRUNING[name])),
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

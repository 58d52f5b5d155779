import type { ModelState } from '../types.ts';
import type { Engine } from './engine.ts';
import type { FrontEnd } from './front-end.ts';
import { FEATURE_COUNT } from './musicnn/features.ts';
import { loadMusicnn } from './musicnn/musicnn.ts';
import type { MusicnnState } from './musicnn/streaming.ts';

/**
 * A pretrained music tagger, frozen, as an ear: what its upper layers hear in the last 3 s.
 *
 * @param folder of the tagger's weights: `models/musicnn`
 */
export async function loadMusicnnFrontEnd(engine: Engine, folder: string): Promise<FrontEnd> {
  const musicnn = await loadMusicnn(engine, folder);
  const silence = musicnn.initialState();
  const isMine = (state: ModelState): state is MusicnnState =>
    Object.entries(silence).every(([name, values]) => state[name]?.length === values.length);

  return {
    inputs: FEATURE_COUNT,
    initialState: musicnn.initialState,
    hear(inputs) {
      const streams = inputs.flatMap(({ window, state }) => (isMine(state) ? [{ window, state }] : []));
      if (streams.length < inputs.length) return undefined;
      const rows = new Float32Array(inputs.length * FEATURE_COUNT);
      const heard = musicnn.step(streams);
      for (const [i, { features }] of heard.entries()) rows.set(features, i * FEATURE_COUNT);
      return { rows, states: heard.map(({ state }) => state) };
    },
    dispose: musicnn.dispose,
  };
}

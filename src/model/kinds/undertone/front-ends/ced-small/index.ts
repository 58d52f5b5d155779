import { join } from 'node:path';
import { HARMONY_FEATURES } from '../../../../../stream/chroma/harmony.ts';
import { MEL_BANDS } from '../../../../../stream/mel.ts';
import { WINDOW_FRAMES } from '../../../../../stream/mel-ring.ts';
import type { ModelInput } from '../../../../../types.ts';
import type { Engine } from '../../../../engine.ts';
import type { Weights } from '../../../../weights.ts';
import { readCedWeights } from '../ced/weights.ts';
import type { FrontEnd, FrontEndKind } from '../front-end.ts';
import type { SmallInput } from './encoder.ts';
import { engineEncoder } from './engine-encoder.ts';
import { kernelEncoder } from './kernel-encoder.ts';
import { foldInput } from './network.ts';
import { MEMORY_LENGTH, PATCH_FRAMES, PATCHES_A_STEP, SHAPES, WIDTH } from './sizes.ts';

const INPUTS: number = WIDTH + HARMONY_FEATURES;

/** A small recurrent network over the mel frames, which imitates the audio transformer CED, and harmony. */
export const cedSmall: FrontEndKind = { inputs: INPUTS, load: loadSmall };

/** @param modelsFolder the folder that contains `ced-small` with the weights, as `undertone distill` writes them */
async function loadSmall(engine: Engine, modelsFolder: string): Promise<FrontEnd> {
  return createSmallFrontEnd(engine, await readCedWeights(join(modelsFolder, 'ced-small'), SHAPES));
}

/**
 * The memory of the last recurrent layer at the end of a step, and harmony.
 *
 * Only the new patches of a step are computed. Frames that do not fill a patch wait for the next step.
 */
export function createSmallFrontEnd(engine: Engine, weights: Weights): FrontEnd {
  const folded = foldInput(weights);
  const encoder = engine.name === 'wasm' ? kernelEncoder(folded) : engineEncoder(engine.tf, folded);

  return {
    inputs: INPUTS,
    needs: ['harmony'],
    initialState: () => ({ small: new Float32Array(MEMORY_LENGTH) }),
    extract(inputs) {
      if (inputs.some(({ state }) => state.small?.length !== MEMORY_LENGTH)) return undefined;
      const cut = inputs.map(cutPatches);
      const after = encoder.encode(cut);
      const rows = new Float32Array(inputs.length * INPUTS);
      const states = inputs.map(({ window: { harmony } }, i) => {
        if (!harmony) throw new Error('this window lacks harmony');
        const small = new Float32Array(MEMORY_LENGTH);
        small[0] = cut[i]!.left;
        small.set(after[i]!, 1);
        rows.set(small.subarray(MEMORY_LENGTH - WIDTH), i * INPUTS);
        rows.set(harmony, i * INPUTS + WIDTH);
        return { small };
      });
      return { rows, states };
    },
    dispose: () => encoder.dispose(),
  };
}

/** The new patches of a stream, and the number of frames that are left after them. */
function cutPatches({
  window: { mel, newFrames },
  state: { small },
}: ModelInput): SmallInput & { left: number } {
  const frames = Math.min(small![0]! + newFrames, (PATCHES_A_STEP + 1) * PATCH_FRAMES - 1);
  const left = frames % PATCH_FRAMES;
  return {
    patches: mel.subarray((WINDOW_FRAMES - frames) * MEL_BANDS, (WINDOW_FRAMES - left) * MEL_BANDS),
    memory: small!.subarray(1),
    left,
  };
}

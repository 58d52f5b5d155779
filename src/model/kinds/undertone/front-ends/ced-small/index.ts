import { join } from 'node:path';
import { HARMONY_FEATURES } from '../../../../../stream/chroma/harmony.ts';
import { MEL_BANDS } from '../../../../../stream/mel.ts';
import { WINDOW_FRAMES } from '../../../../../stream/mel-ring.ts';
import type { ModelInput } from '../../../../../types.ts';
import type { Engine } from '../../../../engine.ts';
import { fetchTidy, uploadWeights } from '../../../../tensors.ts';
import type { Weights } from '../../../../weights.ts';
import { readCedWeights } from '../ced/weights.ts';
import type { FrontEnd, FrontEndKind } from '../front-end.ts';
import { createSmallNetwork, foldInput } from './network.ts';
import { LAYERS, MEMORY_LENGTH, PATCH_FRAMES, PATCH_SIZE, PATCHES_A_STEP, SHAPES, WIDTH } from './sizes.ts';

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
export function createSmallFrontEnd({ tf }: Engine, weights: Weights): FrontEnd {
  const tensors = uploadWeights(tf, foldInput(weights));
  const network = createSmallNetwork(tf, tensors);

  return {
    inputs: INPUTS,
    needs: ['harmony'],
    initialState: () => ({ small: new Float32Array(MEMORY_LENGTH) }),
    extract(inputs) {
      if (inputs.some(({ state }) => state.small?.length !== MEMORY_LENGTH)) return undefined;
      const streams = inputs.length;
      const { patches, present, states } = cut(inputs);
      // Fresh arrays, because engines may keep a reference instead of copying.
      const memory = Array.from({ length: LAYERS }, (_, layer) => {
        const h = new Float32Array(streams * WIDTH);
        for (const [i, { state }] of inputs.entries()) {
          h.set(state.small!.subarray(1 + layer * WIDTH, 1 + (layer + 1) * WIDTH), i * WIDTH);
        }
        return h;
      });
      const after = fetchTidy(
        tf,
        () =>
          network
            .run(
              tf.tensor2d(patches, [PATCHES_A_STEP * streams, PATCH_SIZE]),
              memory.map((h) => tf.tensor2d(h, [streams, WIDTH])),
              present.map((each) => (each.includes(0) ? tf.tensor2d(each, [streams, 1]) : undefined)),
            )
            .at(-1)!,
      );
      const rows = new Float32Array(streams * INPUTS);
      for (const [i, { window }] of inputs.entries()) {
        if (!window.harmony) throw new Error('this window lacks harmony');
        for (const [layer, h] of after.entries()) {
          states[i]!.set(h.subarray(i * WIDTH, (i + 1) * WIDTH), 1 + layer * WIDTH);
        }
        rows.set(states[i]!.subarray(MEMORY_LENGTH - WIDTH), i * INPUTS);
        rows.set(window.harmony, i * INPUTS + WIDTH);
      }
      return { rows, states: states.map((small) => ({ small })) };
    },
    dispose: () => tf.dispose(tensors),
  };
}

interface Cut {
  /** [PATCHES_A_STEP, streams, PATCH_SIZE]: each stream's patches begin at the first time; zeros where it has no more. */
  readonly patches: Float32Array;
  /** For each time [streams]: 1 where a stream has a patch. */
  readonly present: readonly Float32Array[];
  /** [MEMORY_LENGTH] of each stream after the step, of which only the number of waiting frames is set. */
  readonly states: readonly Float32Array[];
}

function cut(inputs: readonly ModelInput[]): Cut {
  const streams = inputs.length;
  const patches = new Float32Array(PATCHES_A_STEP * streams * PATCH_SIZE);
  const present = Array.from({ length: PATCHES_A_STEP }, () => new Float32Array(streams));
  const states = inputs.map(({ window: { mel, newFrames }, state }, i) => {
    const frames = Math.min(state.small![0]! + newFrames, (PATCHES_A_STEP + 1) * PATCH_FRAMES - 1);
    const count = Math.floor(frames / PATCH_FRAMES);
    for (let time = 0; time < count; time++) {
      const first = (WINDOW_FRAMES - frames + time * PATCH_FRAMES) * MEL_BANDS;
      patches.set(mel.subarray(first, first + PATCH_SIZE), (time * streams + i) * PATCH_SIZE);
      present[time]![i] = 1;
    }
    const after = new Float32Array(MEMORY_LENGTH);
    after[0] = frames - count * PATCH_FRAMES;
    return after;
  });
  return { patches, present, states };
}

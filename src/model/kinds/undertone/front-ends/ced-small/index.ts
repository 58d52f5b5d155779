import { join } from 'node:path';
import { HARMONY_FEATURES } from '../../../../../stream/chroma/harmony.ts';
import { MEL_BANDS } from '../../../../../stream/mel.ts';
import { WINDOW_FRAMES } from '../../../../../stream/mel-ring.ts';
import type { ModelInput, ModelState, StepWindow } from '../../../../../types.ts';
import type { Engine } from '../../../../engine.ts';
import type { Weights } from '../../../../weights.ts';
import { readCedWeights } from '../ced/weights.ts';
import type { Extracted, FrontEnd, FrontEndKind } from '../front-end.ts';
import { engineEncoder } from './engine-encoder.ts';
import { kernelEncoder } from './kernel-encoder.ts';
import { foldInput } from './network.ts';
import { MEMORY_LENGTH, PATCH_FRAMES, PATCHES_A_STEP, SHAPES, WIDTH } from './sizes.ts';

const INPUTS: number = WIDTH + HARMONY_FEATURES;

/** A small recurrent network over the mel frames, which imitates the audio transformer CED, and harmony. */
export const cedSmall: FrontEndKind = { inputs: INPUTS, onKernels: true, load: loadSmall };

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

  function extract(inputs: readonly ModelInput[]): Extracted | undefined {
    if (inputs.some(({ state }) => state.small?.length !== MEMORY_LENGTH)) return undefined;
    const cut = inputs.map(({ window, state }) => cutPatches(window, state.small![0]!));
    const after = encoder.encode(
      cut.map(({ patches }, i) => ({ patches, memory: inputs[i]!.state.small!.subarray(1) })),
    );
    return extracted(
      inputs.map(({ window }) => window),
      cut,
      after,
    );
  }

  function extractRun(windows: readonly StepWindow[], { small }: ModelState): Extracted | undefined {
    if (small?.length !== MEMORY_LENGTH) return undefined;
    let left = small[0]!;
    const cut = windows.map((window) => {
      const patches = cutPatches(window, left);
      left = patches.left;
      return patches;
    });
    const after = encoder.encodeRun!(
      cut.map(({ patches }) => patches),
      small.subarray(1),
    );
    return extracted(windows, cut, after);
  }

  return {
    inputs: INPUTS,
    needs: ['harmony'],
    initialState: () => ({ small: new Float32Array(MEMORY_LENGTH) }),
    extract,
    ...(encoder.encodeRun && { extractRun }),
    dispose: () => encoder.dispose(),
  };
}

/** @param memories [LAYERS, WIDTH] after each step */
function extracted(
  windows: readonly StepWindow[],
  cut: readonly NewPatches[],
  memories: readonly Float32Array[],
): Extracted {
  const rows = new Float32Array(windows.length * INPUTS);
  const states = windows.map(({ harmony }, i) => {
    if (!harmony) throw new Error('this window lacks harmony');
    const small = new Float32Array(MEMORY_LENGTH);
    small[0] = cut[i]!.left;
    small.set(memories[i]!, 1);
    rows.set(small.subarray(MEMORY_LENGTH - WIDTH), i * INPUTS);
    rows.set(harmony, i * INPUTS + WIDTH);
    return { small };
  });
  return { rows, states };
}

interface NewPatches {
  /** [at most PATCHES_A_STEP, PATCH_SIZE] oldest first. */
  readonly patches: Float32Array;
  /** Frames after them. */
  readonly left: number;
}

/** The new patches of a step. @param leftBefore frames after those of the step before */
function cutPatches({ mel, newFrames }: StepWindow, leftBefore: number): NewPatches {
  const frames = Math.min(leftBefore + newFrames, (PATCHES_A_STEP + 1) * PATCH_FRAMES - 1);
  const left = frames % PATCH_FRAMES;
  const patches = mel.subarray((WINDOW_FRAMES - frames) * MEL_BANDS, (WINDOW_FRAMES - left) * MEL_BANDS);
  return { patches, left };
}

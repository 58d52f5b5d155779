import { join } from 'node:path';
import { HARMONY_FEATURES } from '../../../../../stream/chroma/harmony.ts';
import type {
  EarlyInput,
  EarlyPart,
  FineMelWindow,
  ModelInput,
  StepWindow,
  WindowPart,
} from '../../../../../types.ts';
import type { Engine } from '../../../../engine.ts';
import type { FrontEnd, FrontEndKind } from '../front-end.ts';
import { createEncoder } from './encoder.ts';
import { streamingState } from './kept.ts';
import { kernelAttention, kernelGelu } from './kernel-attention.ts';
import { createPatchCutter } from './patches.ts';
import { CED_FEATURES, STREAMING_FEATURES, WINDOW_PATCHES } from './sizes.ts';
import { type BegunStep, createStreaming, type StreamingInput } from './streaming.ts';
import { readCedWeights } from './weights.ts';
import { createWindowed } from './windowed.ts';

const INPUTS: number = CED_FEATURES + HARMONY_FEATURES;
const STREAMING_INPUTS: number = STREAMING_FEATURES + HARMONY_FEATURES;
const NEEDS: readonly WindowPart[] = ['fine', 'harmony'];

/** Features of the pretrained audio transformer CED-tiny over the last 3 s, and harmony. */
export const ced: FrontEndKind = { inputs: INPUTS, load: loadWindowed };

/**
 * The same from the streaming form, at a fifth of the cost, with features of the blocks in between. `undertone distill`
 * trains it to imitate the windowed form.
 */
export const cedStreaming: FrontEndKind = { inputs: STREAMING_INPUTS, load: loadStreaming };

/** @param modelsFolder the folder that contains `ced` with the weights */
async function loadWindowed(engine: Engine, modelsFolder: string): Promise<FrontEnd> {
  const { encoder, cutter } = await load(engine, join(modelsFolder, 'ced'));
  // In plain JavaScript and wasm, a batch takes longer per window than each window alone.
  const atOnce = engine.name === 'wasm' || engine.name === 'cpu' ? 1 : undefined;
  const windowed = createWindowed(engine.tf, encoder, cutter, atOnce);
  return {
    inputs: INPUTS,
    needs: NEEDS,
    initialState: () => ({}),
    extract: (inputs) => ({
      rows: withHarmony(windowed.extract(inputs.map(windowOf).map(fineOf)), inputs.map(windowOf)),
      states: inputs.map(() => ({})),
    }),
    dispose: encoder.dispose,
  };
}

interface EarlyStep extends EarlyPart {
  readonly begun: BegunStep;
}

/** @param modelsFolder the folder that contains `ced-streaming` with the weights */
async function loadStreaming(engine: Engine, modelsFolder: string): Promise<FrontEnd> {
  const { encoder, cutter } = await load(engine, join(modelsFolder, 'ced-streaming'));
  const { tf } = engine;
  const attention = engine.name === 'wasm' ? kernelAttention(tf, WINDOW_PATCHES) : undefined;
  const streaming = createStreaming(tf, encoder, cutter, WINDOW_PATCHES, attention);

  /** Undefined if the state is from another model. */
  function inputOf({ window, state: own, early }: EarlyInput): StreamingInput | undefined {
    const state = streaming.stateOf(own);
    // A part that was computed from another state is of another step.
    const begun = early?.before === own ? (early as EarlyStep).begun : undefined;
    return state && window.fine && { window: window.fine, state, begun };
  }

  return {
    inputs: STREAMING_INPUTS,
    needs: NEEDS,
    initialState: () => streamingState(streaming.initialState()),
    extract(inputs) {
      const own = inputs.map(inputOf).filter((input) => input !== undefined);
      if (own.length < inputs.length) return undefined;
      const { features, states } = streaming.step(own);
      return { rows: withHarmony(features, inputs.map(windowOf)), states: states.map(streamingState) };
    },
    extractRun(windows, own) {
      const state = streaming.stateOf(own);
      if (!state) return undefined;
      const { features, states } = streaming.run(windows.map(fineOf), state);
      return { rows: withHarmony(features, windows), states: states.map(streamingState) };
    },
    early: {
      isDue(input) {
        const own = inputOf(input);
        return own !== undefined && streaming.hasNew(own);
      },
      compute(inputs) {
        const begun = streaming.begin(inputs.map((input) => inputOf(input)!));
        return inputs.map(({ state }, i): EarlyStep => ({ before: state, begun: begun[i]! }));
      },
    },
    dispose: encoder.dispose,
  };
}

async function load({ name, tf }: Engine, folder: string) {
  const weights = await readCedWeights(folder);
  const gelu = name === 'wasm' ? kernelGelu(tf) : undefined;
  return { encoder: createEncoder(tf, weights, gelu), cutter: createPatchCutter(weights) };
}

const windowOf = ({ window }: ModelInput): StepWindow => window;

function fineOf(window: StepWindow): FineMelWindow {
  if (!window.fine || !window.harmony) throw new Error(`this window lacks one of ${NEEDS}`);
  return window.fine;
}

/** [windows, features] → [windows, features + HARMONY_FEATURES] */
function withHarmony(features: Float32Array, windows: readonly StepWindow[]): Float32Array {
  const width = features.length / windows.length;
  const inputs = width + HARMONY_FEATURES;
  const rows = new Float32Array(windows.length * inputs);
  for (const [i, { harmony }] of windows.entries()) {
    rows.set(features.subarray(i * width, (i + 1) * width), i * inputs);
    rows.set(harmony!, i * inputs + width);
  }
  return rows;
}

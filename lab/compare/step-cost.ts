import { type Engine, loadEngine } from '../../src/model/engine.ts';
import { HARMONY_FEATURES } from '../../src/stream/chroma/harmony.ts';
import { FINE_BANDS, FINE_FRAMES } from '../../src/stream/fine-mel.ts';
import { MEL_BANDS } from '../../src/stream/mel.ts';
import { WINDOW_FRAMES } from '../../src/stream/mel-ring.ts';
import type { EmotionModel, StepWindow } from '../../src/types.ts';

const WARM_UP = 10;
const STEPS = 60;

/**
 * Median time in ms of one step of one stream on the WebAssembly engine, which every machine has.
 *
 * @param engine the engine to restore: a process has one active engine
 * @param clip the mel clip of every window, for models that use clips
 */
export async function msPerStep(
  engine: Engine,
  load: (wasm: Engine) => Promise<EmotionModel>,
  clip?: Float32Array,
): Promise<number> {
  try {
    const model = await load(await loadEngine('wasm'));
    try {
      return median(timesOf(model, clip));
    } finally {
      model.dispose();
    }
  } finally {
    await loadEngine(engine.name);
  }
}

function timesOf(model: EmotionModel, clip: Float32Array | undefined): number[] {
  const mel = Float32Array.from({ length: WINDOW_FRAMES * MEL_BANDS }, (_, i) => (i * 0.618) % 3);
  const fineMel = Float32Array.from({ length: FINE_FRAMES * FINE_BANDS }, (_, i) => ((i * 0.618) % 60) - 60);
  const harmony = new Float32Array(HARMONY_FEATURES);
  let state = model.initialState();
  const times: number[] = [];
  for (let step = 0; step < WARM_UP + STEPS; step++) {
    const newFrames = step % 4 === 3 ? 32 : 31;
    const fine = { mel: fineMel, frames: 47 + 50 * step, newFrames: step === 0 ? 47 : 50 };
    const window: StepWindow = {
      step,
      mel,
      newFrames,
      loudness: -20,
      arrivedAtMs: 0,
      fine,
      harmony,
      ...(clip && { clip }),
    };
    const began = performance.now();
    state = model.step([{ window, state }])[0]!.state;
    if (step >= WARM_UP) times.push(performance.now() - began);
  }
  return times;
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../../../lab/train/random.ts';
import { type Engine, type EngineName, isInstalled, loadEngine } from '../../../../../src/model/engine.ts';
import type { FrontEnd } from '../../../../../src/model/kinds/undertone/front-ends/front-end.ts';
import type { Dictionary } from '../../../../../src/model/kinds/undertone/front-ends/patches/dictionary.ts';
import {
  PATCH_FRAMES,
  PATCH_SIZE,
  PATCH_STRIDE,
  PATCHES,
} from '../../../../../src/model/kinds/undertone/front-ends/patches/dictionary.ts';
import { createPatchesFrontEnd } from '../../../../../src/model/kinds/undertone/front-ends/patches/index.ts';
import { SUMMARY_LENGTH } from '../../../../../src/model/summary.ts';
import { HARMONY_FEATURES } from '../../../../../src/stream/chroma/harmony.ts';
import { MEL_BANDS } from '../../../../../src/stream/mel.ts';
import { WINDOW_FRAMES } from '../../../../../src/stream/mel-ring.ts';
import type { ModelState, StepWindow } from '../../../../../src/types.ts';
import { expectClose } from '../../../../support/expect-close.ts';

const engines = (['wasm', 'node'] as EngineName[]).filter(isInstalled);

function madeUpDictionary(): Dictionary {
  const random = new Random(2);
  return {
    kernel: Float32Array.from({ length: PATCH_SIZE * PATCHES }, () => 0.05 * random.normal()),
    bias: Float32Array.from({ length: PATCHES }, () => 0.1 * random.normal()),
  };
}

/** Frames received by the end of each step at a hop of 16 ms. */
const ENDS = Array.from({ length: 9 }, (_, step) => Math.floor((500 * (step + 1) - 32) / 16) + 1);

/** The windows of a recording, as the analysis cuts them. */
function windowsOf(frames: Float32Array): StepWindow[] {
  const padded = new Float32Array(WINDOW_FRAMES * MEL_BANDS + frames.length);
  padded.set(frames, WINDOW_FRAMES * MEL_BANDS);
  return ENDS.map((end, step) => ({
    step,
    mel: padded.slice(end * MEL_BANDS, (end + WINDOW_FRAMES) * MEL_BANDS),
    newFrames: end - (ENDS[step - 1] ?? 0),
    harmony: Float32Array.from({ length: HARMONY_FEATURES }, (_, i) => step + i / 100),
    loudness: -20,
    arrivedAtMs: 0,
  }));
}

/** Mean and maximum over the last six steps, patch by patch and without memory. */
function reference(frames: Float32Array, { kernel, bias }: Dictionary, step: number): number[] {
  const mean = new Float64Array(PATCHES);
  const max = new Float64Array(PATCHES);
  const steps = [...ENDS.keys()].slice(Math.max(0, step - 5), step + 1);
  for (const end of steps.map((s) => ENDS[s]!)) {
    const firsts = Array.from({ length: 16 }, (_, i) => end - PATCH_FRAMES - i * PATCH_STRIDE).filter(
      (first) => first >= 0,
    );
    for (const first of firsts) {
      for (let k = 0; k < PATCHES; k++) {
        let sum = bias[k]!;
        for (let j = 0; j < PATCH_SIZE; j++) sum += frames[first * MEL_BANDS + j]! * kernel[j * PATCHES + k]!;
        mean[k]! += Math.max(0, sum) / firsts.length / steps.length;
        max[k] = Math.max(max[k]!, sum);
      }
    }
  }
  return [...mean, ...max];
}

describe.each(engines)('the front end "patches" on %s', (name) => {
  let engine: Engine;
  let frontEnd: FrontEnd;
  const dictionary = madeUpDictionary();
  const random = new Random(5);
  const recordings = [0, 1, 2].map(() =>
    Float32Array.from({ length: ENDS.at(-1)! * MEL_BANDS }, () => 3 * random.next()),
  );
  const windows = recordings.map(windowsOf);

  beforeAll(async () => {
    engine = await loadEngine(name);
    frontEnd = createPatchesFrontEnd(engine, dictionary);
  });
  afterAll(() => frontEnd.dispose());

  function extractAll(streams: readonly (readonly StepWindow[])[]): Float32Array[] {
    let states: readonly ModelState[] = streams.map(() => frontEnd.initialState());
    return ENDS.map((_, step) => {
      const extracted = frontEnd.extract(
        streams.map((mine, i) => ({ window: mine[step]!, state: states[i]! })),
      )!;
      states = extracted.states;
      return extracted.rows;
    });
  }

  test('pools the last 3 s, and for a new stream only the received frames', () => {
    const rows = extractAll([windows[0]!]);
    for (const step of [0, 1, 4, 8]) {
      const row = rows[step]!;
      const own = row.slice(SUMMARY_LENGTH, row.length - HARMONY_FEATURES);
      expectClose([...own], reference(recordings[0]!, dictionary, step), 1e-4);
      expect(row.slice(-HARMONY_FEATURES)).toEqual(windows[0]![step]!.harmony);
    }
  });

  test('has the same rows for a stream alone as in a batch', () => {
    const together = extractAll(windows);
    for (const [i, mine] of windows.entries()) {
      const alone = extractAll([mine]);
      for (const [step, rows] of together.entries()) {
        const row = rows.slice(i * frontEnd.inputs, (i + 1) * frontEnd.inputs);
        expectClose([...row], [...alone[step]!], 1e-5);
      }
    }
  });

  test('continues from a copied state, and does not change its input', () => {
    const [first, second] = windows[0]!;
    const { states } = frontEnd.extract([{ window: first!, state: frontEnd.initialState() }])!;
    const [state] = states;
    const copy = Object.fromEntries(
      Object.entries(state!).map(([part, values]) => [part, Float32Array.from(values)]),
    );
    const next = (from: ModelState) => frontEnd.extract([{ window: second!, state: from }])!.rows;
    expect(next(copy)).toEqual(next(state!));
    expect(state).toEqual(copy);
    expect(next(frontEnd.initialState())).not.toEqual(next(copy));
  });

  test('rejects the state of another front end', () => {
    expect(frontEnd.extract([{ window: windows[0]![0]!, state: {} }])).toBeUndefined();
    const state = { patches: new Float32Array(3) };
    expect(frontEnd.extract([{ window: windows[0]![0]!, state }])).toBeUndefined();
  });

  test('leaks no tensor', () => {
    const input = { window: windows[0]![0]!, state: frontEnd.initialState() };
    const before = engine.tf.memory().numTensors;
    frontEnd.extract([input, input]);
    expect(engine.tf.memory().numTensors).toBe(before);
  });
});

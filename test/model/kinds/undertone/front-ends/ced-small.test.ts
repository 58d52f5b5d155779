import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../../../lab/train/random.ts';
import { type Engine, type EngineName, isInstalled, loadEngine } from '../../../../../src/model/engine.ts';
import { createSmallFrontEnd } from '../../../../../src/model/kinds/undertone/front-ends/ced-small/index.ts';
import {
  PATCH_FRAMES,
  PATCH_SIZE,
  SHAPES,
  WIDTH,
} from '../../../../../src/model/kinds/undertone/front-ends/ced-small/sizes.ts';
import type { FrontEnd } from '../../../../../src/model/kinds/undertone/front-ends/front-end.ts';
import { sizeOf, type Weights } from '../../../../../src/model/weights.ts';
import { HARMONY_FEATURES } from '../../../../../src/stream/chroma/harmony.ts';
import { MEL_BANDS } from '../../../../../src/stream/mel.ts';
import { WINDOW_FRAMES } from '../../../../../src/stream/mel-ring.ts';
import type { ModelState, StepWindow } from '../../../../../src/types.ts';
import { expectClose } from '../../../../support/expect-close.ts';

const engines = (['wasm', 'cpu', 'node'] as EngineName[]).filter(isInstalled);

function madeUpWeights(): Weights {
  const random = new Random(2);
  return Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape]) => {
      const sd = name.endsWith('kernel') ? 1.5 / Math.sqrt(shape[0]!) : 0.2;
      const values = Float32Array.from({ length: sizeOf(shape) }, () =>
        name === 'input.scale' ? 0.5 + random.next() : sd * random.normal(),
      );
      return [name, { shape, values }];
    }),
  );
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

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** The last memory after all whole patches, in plain numbers (Cho et al. 2014, as in cuDNN). */
function reference(frames: Float32Array, weights: Weights, end: number): number[] {
  const get = (name: string) => weights[name]!.values;
  const dense = (x: readonly number[], name: string): number[] => {
    const bias = [...get(`${name}.bias`)];
    const kernel = get(`${name}.kernel`);
    for (const [i, value] of x.entries()) {
      for (let k = 0; k < bias.length; k++) bias[k]! += value * kernel[i * bias.length + k]!;
    }
    return bias;
  };
  const memory = [0, 1].map(() => new Array<number>(WIDTH).fill(0));
  for (let patch = 0; patch < Math.floor(end / PATCH_FRAMES); patch++) {
    const own = Array.from(frames.subarray(patch * PATCH_SIZE, (patch + 1) * PATCH_SIZE), (x, i) => {
      const band = i % MEL_BANDS;
      return (x - get('input.mean')[band]!) / get('input.scale')[band]!;
    });
    let x = dense(own, 'embed').map((value) => Math.max(0, value));
    for (const [layer, h] of memory.entries()) {
      const [input, hidden] = [dense(x, `gru.${layer}.input`), dense(h, `gru.${layer}.hidden`)];
      x = h.map((before, k) => {
        const reset = sigmoid(input[k]! + hidden[k]!);
        const update = sigmoid(input[WIDTH + k]! + hidden[WIDTH + k]!);
        const candidate = Math.tanh(input[2 * WIDTH + k]! + reset * hidden[2 * WIDTH + k]!);
        return (1 - update) * candidate + update * before;
      });
      memory[layer] = x;
    }
  }
  return memory[1]!;
}

describe.each(engines)('the front end "ced-small" on %s', (name) => {
  let engine: Engine;
  let frontEnd: FrontEnd;
  const weights = madeUpWeights();
  const random = new Random(5);
  const recordings = [0, 1, 2].map(() =>
    Float32Array.from({ length: ENDS.at(-1)! * MEL_BANDS }, () => 3 * random.next()),
  );
  const windows = recordings.map(windowsOf);

  beforeAll(async () => {
    engine = await loadEngine(name);
    frontEnd = createSmallFrontEnd(engine, weights);
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

  test('computes each whole patch once, whatever step it falls in', () => {
    const rows = extractAll([windows[0]!]);
    for (const [step, end] of ENDS.entries()) {
      expectClose([...rows[step]!.slice(0, WIDTH)], reference(recordings[0]!, weights, end), 1e-4);
      expect(rows[step]!.slice(WIDTH)).toEqual(windows[0]![step]!.harmony);
    }
  });

  test('streams at different steps share a batch', () => {
    const before = extractAll([windows[1]!]);
    const { states } = frontEnd.extract([{ window: windows[1]![0]!, state: frontEnd.initialState() }])!;
    const { rows } = frontEnd.extract([
      { window: windows[0]![0]!, state: frontEnd.initialState() },
      { window: windows[1]![1]!, state: states[0]! },
    ])!;
    expectClose([...rows.slice(frontEnd.inputs)], [...before[1]!], 1e-5);
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

  test.runIf(name === 'wasm')('computes a run of steps as one after another, to the bit', () => {
    const alone = extractAll([windows[0]!]);
    const from = 2;
    let state = frontEnd.initialState();
    for (const window of windows[0]!.slice(0, from))
      state = frontEnd.extract([{ window, state }])!.states[0]!;
    // More than are computed at once; the same windows again are as good as others.
    const steps = [...windows[0]!.slice(from), ...windows[1]!, ...windows[2]!];
    const { rows, states } = frontEnd.extractRun!(steps, state)!;
    for (const [i, window] of steps.entries()) {
      const one = frontEnd.extract([{ window, state }])!;
      expect(rows.slice(i * frontEnd.inputs, (i + 1) * frontEnd.inputs)).toEqual(one.rows);
      expect(states[i]).toEqual(one.states[0]);
      if (i + from < ENDS.length) expect(one.rows).toEqual(alone[i + from]);
      state = one.states[0]!;
    }
    expect(frontEnd.extractRun!(steps, {})).toBeUndefined();
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

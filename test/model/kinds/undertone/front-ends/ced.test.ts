import { copyFile, mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, type EngineName, isInstalled, loadEngine } from '../../../../../src/model/engine.ts';
import {
  attend,
  createEncoder,
  headwise,
  type LoadedEncoder,
} from '../../../../../src/model/kinds/undertone/front-ends/ced/encoder.ts';
import { streamingState } from '../../../../../src/model/kinds/undertone/front-ends/ced/kept.ts';
import {
  kernelAttention,
  kernelGelu,
} from '../../../../../src/model/kinds/undertone/front-ends/ced/kernel-attention.ts';
import {
  createPatchCutter,
  PATCH_SIZE,
  type PatchCutter,
} from '../../../../../src/model/kinds/undertone/front-ends/ced/patches.ts';
import {
  CED_FEATURES,
  MEANS_WIDTH,
  READ_BLOCKS,
  ROWS,
  STREAMING_FEATURES,
  WIDTH,
  WINDOW_PATCHES,
} from '../../../../../src/model/kinds/undertone/front-ends/ced/sizes.ts';
import {
  type BegunStep,
  createStreaming,
  type StreamingCed,
} from '../../../../../src/model/kinds/undertone/front-ends/ced/streaming.ts';
import { readCedWeights } from '../../../../../src/model/kinds/undertone/front-ends/ced/weights.ts';
import { createWindowed } from '../../../../../src/model/kinds/undertone/front-ends/ced/windowed.ts';
import { fetchTidy } from '../../../../../src/model/tensors.ts';
import type { Weights } from '../../../../../src/model/weights.ts';
import { FINE_BANDS, FINE_FRAMES } from '../../../../../src/stream/fine-mel.ts';
import type { FineMelWindow } from '../../../../../src/types.ts';
import { readF32 } from '../../../../support/audio.ts';
import { expectClose } from '../../../../support/expect-close.ts';

const WEIGHTS = new URL('../../../../../models/ced', import.meta.url).pathname;
const FIXTURES = 'test/fixtures/ced'; // made by its make.py
const TOKENS = WINDOW_PATCHES * ROWS;
/** Features reach 1,900, where 32-bit floats are 1e-4 apart, and engines add up batches of other shapes in other orders. */
const ROUNDING = 1e-3;

/** [FINE_FRAMES, FINE_BANDS] */
const mel = transposed(readF32(`${FIXTURES}/mel.f32`), FINE_BANDS, FINE_FRAMES);
const weights: Weights = await readCedWeights(WEIGHTS);

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}

function rmsDifference(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0) / a.length);
}

/** Every 5th token in the order of the original graph, row by row. */
function everyFifth(tokens: Float32Array): Float32Array {
  const chosen: number[] = [];
  for (let token = 0; token < TOKENS; token += 5) {
    const [row, time] = [Math.floor(token / WINDOW_PATCHES), token % WINDOW_PATCHES];
    const at = (time * ROWS + row) * WIDTH;
    chosen.push(...tokens.subarray(at, at + WIDTH));
  }
  return Float32Array.from(chosen);
}

/** The mel frames of the fixture over and over, as a stream of steps. */
function* windows(steps: number, shift = 0): Generator<FineMelWindow> {
  for (let step = 0; step < steps; step++) {
    const frames = 47 + 50 * step;
    yield { mel: newest(frames, shift), frames, newFrames: step === 0 ? 47 : 50 };
  }
}

/** [FINE_FRAMES, FINE_BANDS] the newest of the first `frames` frames; zeros before the first. */
function newest(frames: number, shift: number): Float32Array {
  const window = new Float32Array(FINE_FRAMES * FINE_BANDS);
  for (let row = 0; row < FINE_FRAMES; row++) {
    const frame = frames - FINE_FRAMES + row;
    if (frame >= 0) window.set(frameAt(frame + shift), row * FINE_BANDS);
  }
  return window;
}

function frameAt(frame: number): Float32Array {
  const at = (frame % FINE_FRAMES) * FINE_BANDS;
  return mel.subarray(at, at + FINE_BANDS);
}

const engines = (['cpu', 'wasm', 'node', 'gpu'] as EngineName[]).filter(isInstalled);

describe.each(engines)('the audio transformer CED on %s', (name) => {
  let engine: Engine;
  let encoder: LoadedEncoder;
  let cutter: PatchCutter;

  beforeAll(async () => {
    engine = await loadEngine(name);
    // As the front end does.
    encoder = createEncoder(engine.tf, weights, name === 'wasm' ? kernelGelu(engine.tf) : undefined);
    cutter = createPatchCutter(weights);
  });

  afterAll(() => encoder.dispose());

  function streamingOf(context: number = WINDOW_PATCHES): StreamingCed {
    const kernels = name === 'wasm' ? kernelAttention(engine.tf, context) : undefined;
    return createStreaming(engine.tf, encoder, cutter, context, kernels);
  }

  it('has the values of the original graph, stage by stage', () => {
    const { tf } = engine;
    const patches = new Float32Array(TOKENS * PATCH_SIZE);
    cutter.write(mel, 0, WINDOW_PATCHES, patches, 0);
    const [first, third, last] = fetchTidy(tf, () => {
      const cut: Tensor2D = tf.tensor2d(patches, [TOKENS, PATCH_SIZE]);
      const tokens = encoder.embed(cut, encoder.positions(WINDOW_PATCHES));
      const mix = headwise(tf, 1, (heads) => attend(tf, heads));
      let x = tokens;
      for (let block = 0; block < 3; block++) x = encoder.block(x, block, mix);
      return [tokens, x, encoder.encode(tokens, mix)];
    });
    // The spread of the tokens is 10, then 90 (with values up to 1,457), then 1.4.
    expectClose(everyFifth(first!), readF32(`${FIXTURES}/tokens-in.f32`), 1e-4);
    expectClose(everyFifth(third!), readF32(`${FIXTURES}/after-block-2.f32`), 2e-3);
    expectClose(everyFifth(last!), readF32(`${FIXTURES}/tokens-out.f32`), 1e-4);
  });

  it('computes the same features alone, in a batch, and at the start of a stream', () => {
    const windowed = createWindowed(engine.tf, encoder, cutter);
    const all = name === 'cpu' ? [...windows(1), ...windows(2, 9)] : [...windows(2), ...windows(3, 9)];
    const batch = windowed.extract(all);
    const inTwos = createWindowed(engine.tf, encoder, cutter, 2).extract(all);
    expectClose(inTwos, batch, 1e-5);
    for (const [i, window] of all.entries()) {
      const own = batch.subarray(i * CED_FEATURES, (i + 1) * CED_FEATURES);
      expectClose(own, windowed.extract([window]), 1e-5);
    }
    const none = windowed.extract([{ mel: newest(9, 0), frames: 9, newFrames: 9 }]);
    expect(none).toEqual(new Float32Array(CED_FEATURES));
  });

  it.each([WINDOW_PATCHES, 8, 30])('step by step equals a masked whole sequence (context %i)', (context) => {
    const streaming = streamingOf(context);
    const steps = name === 'cpu' ? 4 : 9;
    const times = Math.floor((50 * steps - 3) / 16);
    const frames = Float32Array.from({ length: times * 16 * FINE_BANDS }, (_, i) => {
      return frameAt(Math.floor(i / FINE_BANDS))[i % FINE_BANDS]!;
    });
    const all = streaming.whole(frames, times);
    let state = streaming.initialState();
    for (const window of windows(steps)) state = streaming.step([{ window, state }]).states[0]!;
    // The mean tokens of each of the newest times.
    const kept = Math.min(times, Math.max(WINDOW_PATCHES, context - 1));
    const wanted = all.subarray((times - kept) * MEANS_WIDTH);
    expect(state.cedMeans).toHaveLength(wanted.length);
    // Values between the blocks are up to a hundred times as large as those at the end.
    for (let block = 0; block < READ_BLOCKS.length; block++) {
      const [own, other] = [state.cedMeans, wanted].map((means) =>
        means.filter((_, i) => Math.floor((i % MEANS_WIDTH) / WIDTH) === block),
      ) as [Float32Array, Float32Array];
      const spread = rmsDifference(other, new Float32Array(other.length));
      expect(rmsDifference(own, other)).toBeLessThan(1e-5 * spread);
      expectClose(own, other, 5e-5 * spread);
    }
  });

  it('steps streams of different ages in one batch as alone', () => {
    const streaming = streamingOf();
    const [first, second, third] = [[...windows(3)], [...windows(3, 50)], [...windows(1, 99)]];
    let alone = [first, second].map(() => streaming.initialState());
    let features: Float32Array[] = [];
    for (let step = 0; step < 3; step++) {
      const outputs = [first, second].map((own, i) =>
        streaming.step([{ window: own[step]!, state: alone[i]! }]),
      );
      alone = outputs.map(({ states }) => states[0]!);
      features = outputs.map((output) => output.features);
    }
    let states = [streaming.initialState(), streaming.initialState()];
    for (let step = 0; step < 2; step++) {
      states = streaming.step(
        states.map((state, i) => ({ window: [first, second][i]![step]!, state })),
      ).states;
    }
    const batch = streaming.step([
      { window: first[2]!, state: states[0]! },
      { window: third[0]!, state: streaming.initialState() },
      { window: second[2]!, state: states[1]! },
    ]);
    expectClose(batch.features.subarray(0, STREAMING_FEATURES), features[0]!, ROUNDING);
    expectClose(batch.features.subarray(2 * STREAMING_FEATURES), features[1]!, ROUNDING);
    for (const [i, time] of batch.states[2]!.cedKept.entries())
      expectClose(time, alone[1]!.cedKept[i]!, 1e-4);
  });

  it('computes a step in parts as at once', () => {
    const streaming = streamingOf();
    let state = streaming.initialState();
    for (const window of windows(2)) state = streaming.step([{ window, state }]).states[0]!;
    const [, , window] = windows(3);
    const whole = streaming.step([{ window: window!, state }]);
    let begun: BegunStep | undefined;
    for (const newFrames of [14, 15, 40]) {
      const frames = 97 + newFrames;
      const so = { window: { mel: newest(frames, 0), frames, newFrames }, state, begun };
      expect(streaming.hasNew(so)).toBe(newFrames !== 14);
      [begun] = streaming.begin([so]);
      expect(begun).toMatchObject({ first: 6, done: { 14: 6, 15: 7, 40: 8 }[newFrames] });
    }
    const parts = streaming.step([{ window: window!, state, begun }]);
    expectClose(parts.features, whole.features, ROUNDING);
    expectClose(parts.states[0]!.cedMeans, whole.states[0]!.cedMeans, ROUNDING);
    // That of a step before counts for nothing.
    const other = streaming.step([{ window: window!, state, begun: { ...begun!, first: 5 } }]);
    expect(other.features).toEqual(whole.features);
  });

  it('takes no state of other sizes, such as that of an earlier version', () => {
    const streaming = streamingOf();
    let state = streaming.initialState();
    for (const window of windows(2)) state = streaming.step([{ window, state }]).states[0]!;
    expect(streaming.stateOf(streamingState(state))).toEqual(state);
    const lastAlone = state.cedMeans.slice(-state.cedMeans.length / 3);
    expect(streaming.stateOf({ ...streamingState(state), cedMeans: lastAlone })).toBeUndefined();
  });

  it('leaks no tensors', () => {
    const before = engine.tf.memory().numTensors;
    const [window] = windows(1);
    const streaming = streamingOf();
    streaming.step([{ window: window!, state: streaming.initialState() }]);
    createWindowed(engine.tf, encoder, cutter).extract([window!]);
    const another = createEncoder(engine.tf, weights);
    another.dispose();
    expect(engine.tf.memory().numTensors).toBe(before);
  });
});

describe('readCedWeights', () => {
  it('names the missing files of a folder without weights', async () => {
    await expect(readCedWeights('/nonexistent')).rejects.toMatchObject({
      code: 'no-ced-weights',
      message: expect.stringContaining('scripts/ced-weights.py'),
    });
  });

  it('names the first tensor that is missing, has another shape, or is cut off', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'undertone-ced-'));
    const manifest = await readFile(join(WEIGHTS, 'manifest.json'), 'utf8');
    await copyFile(join(WEIGHTS, 'weights.bin'), join(folder, 'weights.bin'));
    const errorFor = async (text: string) => {
      await writeFile(join(folder, 'manifest.json'), text);
      return readCedWeights(folder).catch(({ code, message }) => `${code}: ${message}`);
    };
    expect(await errorFor(manifest.replace('"norm.bias"', '"norm.offset"'))).toMatch(
      /bad-model: .*"norm\.bias"/,
    );
    expect(await errorFor(manifest.replace('[192, 4]', '[4, 192]'))).toMatch(/bad-model: .*"freq_pos_embed"/);
    await truncate(join(folder, 'weights.bin'), 100_000);
    expect(await errorFor(manifest)).toMatch(/bad-model: .*"patch_embed\.proj\.weight"/);
  });
});

import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../../lab/train/random.ts';
import { type Engine, loadEngine } from '../../../../src/model/engine.ts';
import { type BaselineFile, writeBaseline } from '../../../../src/model/kinds/baselines/baseline-file.ts';
import { createBaselineModel } from '../../../../src/model/kinds/baselines/baseline-model.ts';
import {
  BASELINE_NAMES,
  type BaselineName,
  createBaselineNetwork,
  rowMaker,
} from '../../../../src/model/kinds/baselines/systems.ts';
import { loadModel, readAnyModel } from '../../../../src/model/load.ts';
import type { ModelOutput, StepWindow } from '../../../../src/types.ts';
import { madeUpBaselineWeights, SMALL_CONFIGS } from '../../../lab/baselines/made-up-baseline.ts';
import { plantedClip } from '../../../lab/baselines/planted.ts';
import { PLAIN_CALIBRATION } from '../../made-up.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await loadEngine('wasm');
});

function madeUpBaseline(kind: BaselineName): BaselineFile {
  const network = SMALL_CONFIGS[kind];
  const calibration = { ...PLAIN_CALIBRATION, sdScale: { valence: 0.2, arousal: 0.21 } };
  return {
    name: 'made-up',
    kind,
    network,
    calibration,
    training: {},
    weights: madeUpBaselineWeights(network),
  };
}

function windows(count: number, seed: number): StepWindow[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, step) => ({
    step,
    mel: new Float32Array(0),
    newFrames: 31,
    loudness: -20,
    arrivedAtMs: 0,
    clip: plantedClip(random, random.between(-1, 1), random.between(-1, 1)),
  }));
}

describe.each(BASELINE_NAMES)('%s as a model', (kind) => {
  test('predicts what the unrolled network predicts, alone or in a batch', () => {
    const file = madeUpBaseline(kind);
    const model = createBaselineModel(file, engine);
    const streams = [windows(4, 1), windows(4, 2)];
    const states = streams.map(() => model.initialState());
    const beside: ModelOutput[][] = [[], []];
    for (let step = 0; step < 4; step++) {
      const outputs = model.step(streams.map((own, i) => ({ window: own[step]!, state: states[i]! })));
      for (const [i, output] of outputs.entries()) {
        states[i] = output.state;
        beside[i]!.push(output);
      }
    }
    const expected = unrolled(file, streams[1]!);
    for (const [step, { valence, arousal }] of beside[1]!.entries()) {
      expect(valence).toBeCloseTo(Math.max(-1, Math.min(1, expected[2 * step]!)), 5);
      expect(arousal).toBeCloseTo(Math.max(-1, Math.min(1, expected[2 * step + 1]!)), 5);
    }
    const { valenceSd, arousalSd, confidence, forecast, valence } = beside[0]![3]!;
    expect([valenceSd, arousalSd]).toEqual([0.2, 0.21]);
    expect(confidence).toBeGreaterThanOrEqual(0);
    for (const each of forecast) expect(each.valence).toBeCloseTo(valence, 6);
    model.dispose();
  });

  test('continues from a saved state without a difference', () => {
    const model = createBaselineModel(madeUpBaseline(kind), engine);
    const all = windows(6, 3);
    const run = (from: number, to: number, before = model.initialState()) => {
      let state = before;
      let last: ModelOutput | undefined;
      for (const window of all.slice(from, to)) {
        last = model.step([{ window, state }])[0]!;
        state = last.state;
      }
      return last!;
    };
    const saved = deserialize(serialize(run(0, 3).state));
    const { state: _, ...resumed } = run(3, 6, saved);
    expect(resumed).toEqual(
      expect.objectContaining({ valence: run(0, 6).valence, arousal: run(0, 6).arousal }),
    );
    model.dispose();
  });
});

test('the state of another model is an error', () => {
  const model = createBaselineModel(madeUpBaseline('seed-a-carried'), engine);
  const [window] = windows(1, 1) as [StepWindow];
  expect(() => model.step([{ window, state: {} }])).toThrow(/is from another model than "made-up"/);
  model.dispose();
});

describe('a model file', () => {
  async function written(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'undertone-seed-'));
    await writeBaseline(folder, madeUpBaseline('lstm'));
    return folder;
  }
  const change = async (folder: string, edit: (header: Record<string, unknown>) => void) => {
    const path = join(folder, 'model.json');
    const header = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    edit(header);
    await writeFile(path, JSON.stringify(header));
  };

  test('is loaded according to its kind', async () => {
    const folder = await written();
    const model = await loadModel(folder, engine);
    expect(model.needs).toBe('clip');
    expect((await readAnyModel(folder)).calibration.sdScale.valence).toBe(0.2);
    model.dispose();
  });

  test.each<[string, (header: Record<string, unknown>) => void, RegExp]>([
    ['of an unknown kind', (header) => (header.kind = 'seed-z'), /cannot be used with .* \(kind: /],
    [
      'of another width',
      (header) => (header.network = { ...(header.network as object), hidden: 7 }),
      /have "lstm-1\/input-kernel" with the shape \[1,256,24\], but \[1,256,28\] is expected/,
    ],
    [
      'of an unknown architecture',
      (header) => (header.network = { architecture: 'perceptron' }),
      /\(network\.architecture: /,
    ],
  ])('%s is an error', async (_, edit, sentence) => {
    const folder = await written();
    await change(folder, edit);
    await expect(loadModel(folder, engine)).rejects.toMatchObject({
      code: 'bad-model',
      message: expect.stringMatching(sentence),
    });
  });

  test('with truncated weights is an error', async () => {
    const folder = await written();
    const bytes = await readFile(join(folder, 'weights.bin'));
    await writeFile(join(folder, 'weights.bin'), bytes.subarray(0, bytes.length >> 1));
    await expect(loadModel(folder, engine)).rejects.toThrow(/weights\.bin end within/);
  });
});

function unrolled({ network: config, weights }: BaselineFile, own: readonly StepWindow[]): Float32Array {
  const { tf } = engine;
  const { length, write } = rowMaker(config);
  const rows = new Float32Array(own.length * length);
  for (const [step, { clip }] of own.entries()) write(clip!, rows, step * length);
  let predicted = rows;
  tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(weights).map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
    );
    const x = tf.tensor2d(rows, [own.length, length]);
    predicted = createBaselineNetwork(tf, tensors, config)
      .unroll(x, 1)
      .outputs.emotion.dataSync() as Float32Array<ArrayBuffer>;
  });
  return predicted;
}

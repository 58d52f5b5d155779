import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { loadEngine } from '../../../../src/model/engine.ts';
import { readBaseline } from '../../../../src/model/kinds/baselines/baseline-file.ts';
import { createBaselineModel } from '../../../../src/model/kinds/baselines/baseline-model.ts';
import { BASELINE_CONFIGS } from '../../../../src/model/kinds/baselines/systems.ts';
import { MODELS_FOLDER } from '../../../../src/model/load.ts';
import { lenaFile } from '../../../support/audio.ts';

const exec = promisify(execFile);

/** The baselines that come with undertone as models. */
const MODELS = ['seed-a', 'seed-a-carried', 'seed-b', 'seed-b-transformer', 'seed-c'] as const;

test.each(MODELS)('%s is a model of its kind, and tracks a real voice', async (name) => {
  const file = await readBaseline(join(MODELS_FOLDER, name));
  expect(file.kind).toBe(name);
  expect(file.network).toEqual(BASELINE_CONFIGS[name]);
  expect(file.training).toMatchObject({ system: name, seed: 1 });

  const track = ['dist/cli.js', 'track', lenaFile('wav'), '--model', name, '--engine', 'wasm'];
  const { stdout } = await exec(process.execPath, track, { maxBuffer: 2 ** 26 });
  const frames = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ type, valence }) => type === 'emotion' && valence !== null);
  expect(frames.length).toBeGreaterThan(8);
  const predicted = new Set(frames.map(({ valence }) => valence));
  expect(predicted.size).toBeGreaterThan(4); // not a constant
  for (const { valence, arousal, valenceSd, forecast, confidence } of frames) {
    for (const x of [valence, arousal]) expect(Math.abs(x)).toBeLessThanOrEqual(1);
    expect(valenceSd).toBeGreaterThan(0);
    expect(confidence).toBeGreaterThanOrEqual(0);
    expect(forecast).toHaveLength(5);
  }
});

test.each(MODELS)('%s predicts the same on wasm as in plain JavaScript', async (name) => {
  const file = await readBaseline(join(MODELS_FOLDER, name));
  const clip = Float32Array.from({ length: 44 * 128 }, (_, i) => 1 + Math.sin(0.37 * i) + (i % 128) / 128);
  const window = { step: 0, mel: new Float32Array(0), newFrames: 31, loudness: -20, arrivedAtMs: 0, clip };
  const predicted: number[][] = [];
  for (const engine of ['cpu', 'wasm'] as const) {
    const model = createBaselineModel(file, await loadEngine(engine));
    const [output] = model.step([{ window, state: model.initialState() }]);
    predicted.push([output!.valence, output!.arousal]);
    model.dispose();
  }
  for (const axis of [0, 1]) expect(predicted[0]![axis]).toBeCloseTo(predicted[1]![axis]!, 4);
});

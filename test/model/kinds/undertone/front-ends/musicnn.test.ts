import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, type EngineName, isInstalled, loadEngine } from '../../../../../src/model/engine.ts';
import {
  loadMusicnn,
  type Musicnn,
} from '../../../../../src/model/kinds/undertone/front-ends/musicnn/musicnn.ts';
import { FEATURES } from '../../../../../src/model/kinds/undertone/front-ends/musicnn/sizes.ts';
import { expectClose } from '../../../../support/expect-close.ts';

const WEIGHTS = new URL('../../../../../models/musicnn', import.meta.url).pathname;
const FIXTURES = new URL('../../../../fixtures/musicnn/', import.meta.url);

interface Golden {
  readonly penultimate: number[][];
  /** Probabilities. */
  readonly tags: number[][];
}

const engines = (['wasm', 'node', 'gpu'] as EngineName[]).filter(isInstalled);

describe.each(engines)('the music tagger on %s', (name) => {
  let engine: Engine;
  let musicnn: Musicnn;
  let golden: Golden;
  let patches: Float32Array; // [2, 187, 96]

  beforeAll(async () => {
    engine = await loadEngine(name);
    musicnn = await loadMusicnn(engine, WEIGHTS);
    golden = JSON.parse(await readFile(new URL('golden.json', FIXTURES), 'utf8')) as Golden;
    const bytes = await readFile(new URL('golden-input.bin', FIXTURES));
    patches = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  });

  afterAll(() => musicnn.dispose());

  it('has the outputs of the original TensorFlow graph', () => {
    const outputs = musicnn.patch(patches);
    outputs.forEach(({ features, logits }, i) => {
      expectClose(features.subarray(...FEATURES.penultimate), golden.penultimate[i]!, 1e-4);
      const probabilities = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
      expectClose(probabilities, golden.tags[i]!, 1e-4);
    });
  });

  it('leaks no tensors', () => {
    const state = musicnn.initialState();
    const before = engine.tf.memory().numTensors;
    musicnn.patch(patches);
    musicnn.step([{ window: { mel: patches.subarray(0, 187 * 96), newFrames: 31, step: 9 }, state }]);
    expect(engine.tf.memory().numTensors).toBe(before);
  });
});

describe('loadMusicnn', () => {
  it('names the missing files of a folder without weights', async () => {
    const engine = await loadEngine('wasm');
    await expect(loadMusicnn(engine, '/nonexistent')).rejects.toThrow('scripts/musicnn-weights.py');
  });
});

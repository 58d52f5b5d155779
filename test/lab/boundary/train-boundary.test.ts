import { expect, test } from 'vitest';
import { trainBoundary } from '../../../lab/boundary/train-boundary.ts';
import { readDataset } from '../../../lab/datasets/dataset.ts';
import { loadEngine } from '../../../src/model/engine.ts';
import { loadFrontEnd } from '../../../src/model/kinds/undertone/front-ends/index.ts';
import { MODELS_FOLDER } from '../../../src/model/load.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import { makeData } from '../train/made-up-data.ts';

test('is fitted without a score if no song is held out', async () => {
  const engine = await loadEngine('cpu');
  const frontEnd = await loadFrontEnd('mel', engine, MODELS_FOLDER);
  const { clips: training } = await readDataset(await makeData(6));
  const { detector, heldOut } = await trainBoundary({
    engine,
    fft: await loadFft(),
    frontEnd,
    weights: {
      'input/mean': { shape: [frontEnd.inputs], values: new Float32Array(frontEnd.inputs) },
      'input/scale': { shape: [frontEnd.inputs], values: new Float32Array(frontEnd.inputs).fill(1) },
    },
    training,
    heldOut: [],
    sequences: 1,
    seed: 1,
  });
  expect(detector.weights).toHaveLength(frontEnd.inputs);
  expect(heldOut).toBeUndefined();
});

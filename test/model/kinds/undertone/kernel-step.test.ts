import { describe, expect, test } from 'vitest';
import { Random } from '../../../../lab/train/random.ts';
import { loadEngine } from '../../../../src/model/engine.ts';
import { createEmotionModel } from '../../../../src/model/kinds/undertone/emotion-model.ts';
import { engineStep } from '../../../../src/model/kinds/undertone/engine-step.ts';
import { widen } from '../../../../src/model/kinds/undertone/ensemble.ts';
import { fitsKernels, kernelStep } from '../../../../src/model/kinds/undertone/kernel-step.ts';
import { storedShapes } from '../../../../src/model/kinds/undertone/network.ts';
import { LOG_SD, runOfSteps } from '../../../../src/model/kinds/undertone/network-step.ts';
import { sizeOf, type Weights } from '../../../../src/model/weights.ts';
import { expectClose } from '../../../support/expect-close.ts';
import { madeUpModel, madeUpWindow, SMALL_NETWORK } from '../../made-up.ts';

const INPUTS = 30;
const random = new Random(6);

/** Weights that move every output: Gaussians of some width, and log standard deviations in and beyond their range. */
function madeUpWeights(network: typeof SMALL_NETWORK): Weights {
  return Object.fromEntries(
    Object.entries(storedShapes(network)).map(([name, shape]) => {
      const sd = name === 'kernel/landmarks' ? 0.2 : 0.4;
      const values = Float32Array.from({ length: sizeOf(shape) }, () => sd * random.normal());
      if (name === 'input/scale')
        values.forEach((_, i) => {
          values[i] = 0.5 + random.next();
        });
      if (name === 'kernel/scale') values.fill(0.15);
      return [name, { shape, values }];
    }),
  );
}

/** Standard deviations instead of their logarithms, of which the engine has fewer digits where they are small. */
const numbersOf = (all: Float32Array, width: number): number[] =>
  Array.from(all, (x, i) => (i % width === LOG_SD || i % width === LOG_SD + 1 ? Math.exp(x) : x));

describe.each([
  { members: 1, landmarks: 0, projection: 12 },
  { members: 1, landmarks: 20, projection: 32 },
  { members: 3, landmarks: 0, projection: 10 },
  { members: 2, landmarks: 64, projection: 96 },
])('kernels: $members networks, $landmarks landmarks', (sizes) => {
  const config = { ...SMALL_NETWORK, ...sizes, inputs: INPUTS };
  const weights = widen(madeUpWeights(config), config);
  const hidden = config.members * config.hidden;

  test.each([1, 4, 5, 37])('compute the step of %i streams as the engine does', async (streams) => {
    const { tf } = await loadEngine('cpu');
    const z = Float32Array.from({ length: streams * INPUTS }, () => 2 * random.normal());
    const means = Float32Array.from({ length: 2 * streams * INPUTS }, () => random.normal());
    const memories = Array.from({ length: streams }, () => ({
      h: Float32Array.from({ length: hidden }, () => random.between(-1, 1)),
      c: Float32Array.from({ length: hidden }, () => random.between(-2, 2)),
    }));
    const byEngine = engineStep(tf, weights, config);
    const kernels = kernelStep(weights, config);
    const computed = kernels.compute({ z, means, memories });
    const width = computed.length / streams;
    expectClose(numbersOf(computed, width), numbersOf(byEngine.compute({ z, means, memories }), width), 1e-5);
    for (const [i, memory] of memories.entries()) {
      const alone = kernels.compute({
        z: z.slice(i * INPUTS, (i + 1) * INPUTS),
        means: means.slice(2 * i * INPUTS, 2 * (i + 1) * INPUTS),
        memories: [memory],
      });
      expect(alone).toEqual(computed.slice(i * width, (i + 1) * width));
    }
    byEngine.dispose();
  });
});

test.each([1, 16, 37])(
  'kernels compute a run of %i steps as one after another, to the bit',
  async (steps) => {
    const config = { ...SMALL_NETWORK, members: 2, landmarks: 64, inputs: INPUTS };
    const weights = widen(madeUpWeights(config), config);
    const hidden = config.members * config.hidden;
    const z = Float32Array.from({ length: steps * INPUTS }, () => 2 * random.normal());
    const means = Float32Array.from({ length: 2 * steps * INPUTS }, () => random.normal());
    const memory = {
      h: Float32Array.from({ length: hidden }, () => random.between(-1, 1)),
      c: Float32Array.from({ length: hidden }, () => random.between(-2, 2)),
    };
    const kernels = kernelStep(weights, config);
    const oneByOne = runOfSteps(kernels.compute, INPUTS, hidden)({ z, means, memory });
    expect(kernels.run({ z, means, memory })).toEqual(oneByOne);
  },
);

test('a network whose LSTM the kernels cannot compute runs on the engine', async () => {
  const network = { ...SMALL_NETWORK, hidden: 6 };
  expect(fitsKernels(network)).toBe(false);
  const model = createEmotionModel(madeUpModel(1, network), await loadEngine('wasm'));
  const [output] = model.step([{ window: madeUpWindow(0, random), state: model.initialState() }]);
  expect(output!.state.h).toHaveLength(6);
  model.dispose();
});

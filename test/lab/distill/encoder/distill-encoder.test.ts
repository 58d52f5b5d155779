import { expect, test } from 'vitest';
import { DISTILL_DEFAULTS, distillEncoder } from '../../../../lab/distill/encoder/distill-encoder.ts';
import { PASSAGE_FRAMES } from '../../../../lab/distill/encoder/passages.ts';
import { Random } from '../../../../lab/train/random.ts';
import { type EngineName, isInstalled, loadEngine } from '../../../../src/model/engine.ts';
import { readCedWeights } from '../../../../src/model/kinds/undertone/front-ends/ced/weights.ts';
import type { Weights } from '../../../../src/model/weights.ts';
import { FINE_BANDS } from '../../../../src/stream/fine-mel.ts';

const native = (['node', 'gpu'] as EngineName[]).filter(isInstalled);

// The other engines lack gradients of the transformer.
test.skipIf(native.length === 0)(
  'the streaming form comes closer to the windowed one, with the same weights for the same seed',
  async () => {
    const engine = await loadEngine(native[0]!);
    const weights = await readCedWeights('models/ced');
    const random = new Random(1);
    const passages = Array.from({ length: 10 }, () => noise(random));
    const options = { ...DISTILL_DEFAULTS, epochs: 2, batch: 2, validationEvery: 5 };
    const run = async () => {
      const losses: number[] = [];
      let last: Weights = {};
      await distillEncoder(
        engine,
        weights,
        passages,
        options,
        async ({ validation }, trained) => {
          losses.push(validation);
          last = trained;
        },
        () => {},
      );
      return { losses, last };
    };
    const before = engine.tf.memory().numTensors;
    const { losses, last } = await run();
    expect(engine.tf.memory().numTensors).toBe(before);
    expect(losses).toHaveLength(3);
    expect(losses[2]).toBeLessThan(losses[0]!);
    const kernel = 'blocks.3.mlp.fc1.kernel';
    expect((await run()).last[kernel]!.values).toEqual(last[kernel]!.values);
    // What is not trained stays.
    expect(last['patch_embed.proj.weight']!.values).toEqual(weights['patch_embed.proj.weight']!.values);
  },
  300_000,
);

/** Bands of noise in dB whose level drifts. */
function noise(random: Random): Float32Array {
  let level = -30;
  return Float32Array.from({ length: PASSAGE_FRAMES * FINE_BANDS }, (_, i) => {
    if (i % FINE_BANDS === 0) level = Math.max(-60, Math.min(0, level + random.normal()));
    return level + 5 * random.normal();
  });
}

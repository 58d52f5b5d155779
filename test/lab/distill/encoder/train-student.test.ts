import { expect, test } from 'vitest';
import { holdOutRecordings } from '../../../../lab/distill/encoder/held-out-recordings.ts';
import { PASSAGE_FRAMES, PASSAGE_STEPS, patchesAt } from '../../../../lab/distill/encoder/passages.ts';
import { STUDENTS } from '../../../../lab/distill/encoder/students.ts';
import { targetStatistics } from '../../../../lab/distill/encoder/target-statistics.ts';
import { trainStudent } from '../../../../lab/distill/encoder/train-student.ts';
import { Random } from '../../../../lab/train/random.ts';
import { type EngineName, isInstalled, loadEngine } from '../../../../src/model/engine.ts';
import { CED_FEATURES } from '../../../../src/model/kinds/undertone/front-ends/ced/sizes.ts';
import { readCedWeights } from '../../../../src/model/kinds/undertone/front-ends/ced/weights.ts';
import { PATCH_SIZE, SHAPES } from '../../../../src/model/kinds/undertone/front-ends/ced-small/sizes.ts';
import type { Weights } from '../../../../src/model/weights.ts';
import { FINE_BANDS } from '../../../../src/stream/fine-mel.ts';

const native = (['node', 'gpu'] as EngineName[]).filter(isInstalled);
const LENGTHS = {
  streaming: PASSAGE_FRAMES * FINE_BANDS,
  small: patchesAt(PASSAGE_STEPS - 1) * PATCH_SIZE,
} as const;

// The other engines lack gradients of the transformer.
test.skipIf(native.length === 0).each(['streaming', 'small'] as const)(
  'the student %s comes closer to its targets, with the same weights for the same seed',
  async (name) => {
    const engine = await loadEngine(native[0]!);
    const weights = await readCedWeights('models/ced');
    const random = new Random(1);
    const all = Array.from({ length: 10 }, () => noise(random, LENGTHS[name]));
    const recordings = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4];
    const split = holdOutRecordings({ passages: all, targets: all.map(targetOf), recordings }, 5);
    const { passages, targets } = split.training;
    const options = { ...STUDENTS[name].defaults, epochs: 2, batch: 2 };
    const run = async () => {
      const losses: number[] = [];
      let last: Weights = {};
      await trainStudent(
        engine.tf,
        STUDENTS[name].create(engine.tf, {
          weights,
          seed: 1,
          passages,
          statistics: targetStatistics(targets),
        }),
        split,
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
    const again = await run();
    for (const [tensor, { values }] of Object.entries(last)) {
      expect(again.last[tensor]!.values, tensor).toEqual(values);
    }
    if (name === 'small') expect(Object.keys(last)).toEqual(Object.keys(SHAPES));
    // What is not trained stays.
    const embedding = 'patch_embed.proj.weight';
    if (name === 'streaming') expect(last[embedding]!.values).toEqual(weights[embedding]!.values);
  },
  300_000,
);

test('of the patches of a passage, those that are complete at the end of a step count', () => {
  // Step 0 ends with the fine frame that begins at 0.46 s; the 29th mel frame begins at 0.448 s.
  expect(patchesAt(0)).toBe(3);
  expect(patchesAt(PASSAGE_STEPS - 1)).toBe(77);
});

/** Numbers whose level drifts. */
function noise(random: Random, length: number): Float32Array {
  let level = -30;
  return Float32Array.from({ length }, (_, i) => {
    if (i % FINE_BANDS === 0) level = Math.max(-60, Math.min(0, level + random.normal()));
    return level + 5 * random.normal();
  });
}

/** Features of about the size of real ones, which follow the level of the passage. */
function targetOf(passage: Float32Array): Float32Array {
  const length = PASSAGE_STEPS * CED_FEATURES;
  return Float32Array.from({ length }, (_, i) => {
    const at = Math.floor(((i / length) * passage.length) / FINE_BANDS) * FINE_BANDS;
    return passage.subarray(at, at + FINE_BANDS).reduce((sum, x) => sum + x, 0) * ((i % 7) - 3) * 1e-4;
  });
}

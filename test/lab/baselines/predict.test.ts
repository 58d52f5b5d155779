import { expect, test } from 'vitest';
import { predictSeed } from '../../../lab/baselines/predict.ts';
import { loadEngine } from '../../../src/model/engine.ts';
import { BASELINE_NAMES, madeUpBaselineWeights, SMALL_CONFIGS } from './made-up-baseline.ts';
import { plantedExamples } from './planted.ts';

test.each(BASELINE_NAMES)(
  '%s says of clips of any length together what it says of each alone',
  async (name) => {
    const { tf } = await loadEngine('wasm');
    const config = SMALL_CONFIGS[name];
    const weights = madeUpBaselineWeights(config);
    // Longer than the transformer remembers, too.
    const examples = [3, 7, 1, 5].flatMap((steps) => plantedExamples(config, 1, steps, steps));
    const together = predictSeed(tf, config, weights, examples);
    for (const [i, example] of examples.entries()) {
      const [alone] = predictSeed(tf, config, weights, [example]);
      expect(together[i]!.emotion).toHaveLength(2 * example.steps);
      for (const [k, said] of alone!.emotion.entries()) expect(together[i]!.emotion[k]).toBeCloseTo(said, 5);
      for (const [k, said] of alone!.novelty.entries()) expect(together[i]!.novelty[k]).toBeCloseTo(said, 4);
      expect(together[i]!.classes?.length).toBe(alone!.classes?.length);
    }
  },
);

import { expect, test } from 'vitest';
import { predictBaseline } from '../../../lab/baselines/predict.ts';
import { loadEngine } from '../../../src/model/engine.ts';
import { BASELINE_NAMES, madeUpBaselineWeights, SMALL_CONFIGS } from './made-up-baseline.ts';
import { plantedExamples } from './planted.ts';

test.each(BASELINE_NAMES)('%s predicts clips of any length the same in a batch and alone', async (name) => {
  const { tf } = await loadEngine('wasm');
  const config = SMALL_CONFIGS[name];
  const weights = madeUpBaselineWeights(config);
  // Some are longer than the context of the transformer.
  const examples = [3, 7, 1, 5].flatMap((steps) => plantedExamples(config, 1, steps, steps));
  const together = predictBaseline(tf, config, weights, examples);
  for (const [i, example] of examples.entries()) {
    const [alone] = predictBaseline(tf, config, weights, [example]);
    expect(together[i]!.emotion).toHaveLength(2 * example.steps);
    for (const [k, predicted] of alone!.emotion.entries())
      expect(together[i]!.emotion[k]).toBeCloseTo(predicted, 5);
    for (const [k, predicted] of alone!.novelty.entries())
      expect(together[i]!.novelty[k]).toBeCloseTo(predicted, 4);
    expect(together[i]!.classes?.length).toBe(alone!.classes?.length);
  }
});

import { expect, it } from 'vitest';
import type { AnalyzedScene } from '../../../lab/activity/analyzed-scene.ts';
import { chooseRule, MAX_FALSE_SPEECH } from '../../../lab/activity/choose-rule.ts';
import { fitSpeech, type SpeechTraining } from '../../../lab/activity/fit-speech.ts';
import { Random } from '../../../lab/train/random.ts';
import { loadEngine } from '../../../src/model/engine.ts';
import type { Weights } from '../../../src/model/weights.ts';

const NETWORK = { inputs: 24, projection: 6, hidden: 4 };
const TRAINING: SpeechTraining = {
  network: NETWORK,
  epochs: 6,
  seed: 1,
  streams: 8,
  learningRate: 1e-2,
  decay: 1e-3,
  maxNorm: 1,
  noise: 0.1,
  dropout: 0.1,
  averaging: 0.9,
};

/** Scenes with one change each: the first inputs are high for speech, low for music; 10 % of the steps have no label. */
function plantedScenes(count: number, seed: number, only?: 0 | 1): AnalyzedScene[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, n) => {
    const steps = 20 - (n % 3);
    const rows = Float32Array.from({ length: steps * NETWORK.inputs }, () => random.normal());
    const change = random.below(steps);
    const labels = Float32Array.from({ length: steps }, (_, step) => {
      const label = only ?? (n + Number(step >= change)) % 2;
      for (let i = 0; i < 6; i++) rows[step * NETWORK.inputs + i]! += label ? 0.9 : -0.9;
      return random.chance(0.1) ? Number.NaN : label;
    });
    return { steps, rows, labels };
  });
}

async function fitted(): Promise<{ weights: Weights; losses: number[] }> {
  const { tf } = await loadEngine('wasm');
  const losses: number[] = [];
  let weights: Weights = {};
  for await (const epoch of fitSpeech(tf, plantedScenes(64, 1), TRAINING)) {
    losses.push(epoch.loss);
    weights = epoch.weights;
  }
  return { weights, losses };
}

it('learns a planted rule, applies it to unseen scenes, and is reproducible from the seed', async () => {
  const { weights, losses } = await fitted();
  expect(losses.at(-1)!).toBeLessThan(0.3 * losses[0]!);
  const { f1, falseSpeech } = chooseRule(NETWORK, weights, plantedScenes(20, 2), plantedScenes(20, 3, 0));
  expect(f1).toBeGreaterThan(0.9);
  expect(falseSpeech).toBeLessThanOrEqual(MAX_FALSE_SPEECH);
  expect((await fitted()).weights).toEqual(weights);
});

it('prefers missed speech to music detected as speech', async () => {
  const { weights } = await fitted();
  // 10 % of the music looks like speech: no rule can detect both.
  const ambiguous = plantedScenes(20, 3, 0).map((scene, n) => (n % 10 ? scene : plantedScenes(1, n, 1)[0]!));
  const music = ambiguous.map((scene) => ({ ...scene, labels: scene.labels.map((label) => label && 0) }));
  const careful = chooseRule(NETWORK, weights, plantedScenes(20, 2), music);
  const easy = chooseRule(NETWORK, weights, plantedScenes(20, 2), plantedScenes(20, 3, 0));
  expect(careful.rule.enter).toBeGreaterThan(easy.rule.enter);
  expect(careful.f1).toBeLessThanOrEqual(easy.f1);
});

import {
  type DecisionRule,
  decide,
  NO_DECISION,
  type SpeechDecision,
} from '../../src/model/activity/decision.ts';
import { SpeechNetwork, type SpeechNetworkConfig } from '../../src/model/activity/speech-network.ts';
import type { Weights } from '../../src/model/weights.ts';
import type { AnalyzedScene } from './analyzed-scene.ts';

/**
 * Largest share of music that a rule may detect as speech. This is the worse error, as such music gets no emotion. With a
 * smaller share, speech is detected only after 4 s (on the validation part; docs/activity.md).
 */
export const MAX_FALSE_SPEECH = 0.015;

export interface ChosenRule {
  readonly rule: DecisionRule;
  /** Mean of the F1 scores of speech and of music over the scenes. */
  readonly f1: number;
  /** Share of the steps of `music` that are detected as speech. */
  readonly falseSpeech: number;
}

/** [steps] log-odds of speech at each step of a scene, from a fresh state, as on the live path. */
export function logOddsOf(
  network: SpeechNetwork,
  { hidden }: SpeechNetworkConfig,
  scene: AnalyzedScene,
): Float32Array {
  const width = scene.rows.length / scene.steps;
  const memory = { h: new Float32Array(hidden), c: new Float32Array(hidden) };
  return Float32Array.from({ length: scene.steps }, (_, step) =>
    network.step(scene.rows.subarray(step * width, (step + 1) * width), memory),
  );
}

/**
 * Chooses the decision rule with the best F1 on `scenes` among those with at most MAX_FALSE_SPEECH on `music`; if there
 * is none, the rule with the least false speech.
 *
 * @param music scenes of music only, as recorded
 */
export function chooseRule(
  config: SpeechNetworkConfig,
  weights: Weights,
  scenes: readonly AnalyzedScene[],
  music: readonly AnalyzedScene[],
): ChosenRule {
  const network = new SpeechNetwork(config, weights);
  const predict = (scene: AnalyzedScene) => ({
    logOdds: logOddsOf(network, config, scene),
    labels: scene.labels,
  });
  const predictions = scenes.map(predict);
  const musicPredictions = music.map(predict);
  const candidates = [...rules()].map((rule): ChosenRule => {
    const inMusic = countErrors(rule, musicPredictions);
    return {
      rule,
      f1: meanF1(countErrors(rule, predictions)),
      falseSpeech: inMusic.falseSpeech / inMusic.music,
    };
  });
  const allowed = candidates.filter(({ falseSpeech }) => falseSpeech <= MAX_FALSE_SPEECH);
  return allowed.length > 0
    ? allowed.reduce((best, one) => (one.f1 > best.f1 ? one : best))
    : candidates.reduce((best, one) => (one.falseSpeech < best.falseSpeech ? one : best));
}

function* rules(): Generator<DecisionRule> {
  for (const smoothing of [0, 0.3, 0.5, 0.65]) {
    for (const enter of [0, 0.5, 1, 1.5, 2, 2.5, 3]) {
      for (const below of [0.5, 1, 2, 3]) yield { smoothing, enter, leave: enter - below };
    }
  }
}

interface Counts {
  readonly music: number;
  readonly speech: number;
  readonly falseSpeech: number;
  readonly falseMusic: number;
}

function countErrors(
  rule: DecisionRule,
  predictions: readonly { readonly logOdds: Float32Array; readonly labels: Float32Array }[],
): Counts {
  const counts = { music: 0, speech: 0, falseSpeech: 0, falseMusic: 0 };
  for (const { logOdds, labels } of predictions) {
    let decided: SpeechDecision = NO_DECISION;
    for (const [step, label] of labels.entries()) {
      decided = decide(rule, decided, logOdds[step]!);
      if (label === 1) {
        counts.speech++;
        if (!decided.speech) counts.falseMusic++;
      } else if (label === 0) {
        counts.music++;
        if (decided.speech) counts.falseSpeech++;
      }
    }
  }
  return counts;
}

function meanF1({ music, speech, falseSpeech, falseMusic }: Counts): number {
  const wrong = falseSpeech + falseMusic;
  const rightSpeech = speech - falseMusic;
  const rightMusic = music - falseSpeech;
  return rightSpeech / (2 * rightSpeech + wrong) + rightMusic / (2 * rightMusic + wrong) || 0;
}

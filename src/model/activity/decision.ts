import type { StepWindow } from '../../types.ts';

/** When evidence becomes a word. Chosen on validation material and stored beside the weights. */
export interface DecisionRule {
  /** Share of the old evidence that stays at each step, 0 … 1. */
  readonly smoothing: number;
  /** Evidence, in log-odds of speech, over which music becomes speech. */
  readonly enter: number;
  /** Evidence under which speech becomes music; less than `enter`, so that the word does not flicker. */
  readonly leave: number;
}

export interface SpeechDecision {
  /** Smoothed log-odds of speech. */
  readonly evidence: number;
  readonly speech: boolean;
}

/** A new stream: music until there is evidence of speech, as nearly all that is tracked is music. */
export const NO_DECISION: SpeechDecision = { evidence: 0, speech: false };

/** No single step may outweigh seconds of others. */
const MOST = 4;

/** @param logOdds of speech, from one step alone */
export function decide(rule: DecisionRule, before: SpeechDecision, logOdds: number): SpeechDecision {
  const now = Math.max(-MOST, Math.min(MOST, logOdds));
  const evidence = rule.smoothing * before.evidence + (1 - rule.smoothing) * now;
  return { evidence, speech: evidence > (before.speech ? rule.leave : rule.enter) };
}

/** Momentary loudness under which a step is silence, in LUFS. */
export const SILENCE_LUFS = -60;

export function isSilent(window: Pick<StepWindow, 'loudness'>): boolean {
  return window.loudness < SILENCE_LUFS;
}

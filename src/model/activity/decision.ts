import type { StepWindow } from '../../types.ts';

/** When the activity changes between music and speech. Chosen on validation data and stored with the weights. */
export interface DecisionRule {
  /** Weight of the old evidence at each step, 0 … 1 (exponential smoothing). */
  readonly smoothing: number;
  /** Music becomes speech above this evidence, in log-odds of speech. */
  readonly enter: number;
  /** Speech becomes music below this evidence; less than `enter` (hysteresis), so that it does not flicker. */
  readonly leave: number;
}

export interface SpeechDecision {
  /** Smoothed log-odds of speech. */
  readonly evidence: number;
  readonly speech: boolean;
}

/** The state of a new stream: music until there is evidence of speech, because most input is music. */
export const NO_DECISION: SpeechDecision = { evidence: 0, speech: false };

/** Limit of the evidence of one step, so that it cannot outweigh seconds of others. */
const MAX_LOG_ODDS = 4;

/**
 * Adds one step's evidence to the decision.
 *
 * @param logOdds of speech, from one step
 */
export function decide(rule: DecisionRule, before: SpeechDecision, logOdds: number): SpeechDecision {
  const now = Math.max(-MAX_LOG_ODDS, Math.min(MAX_LOG_ODDS, logOdds));
  const evidence = rule.smoothing * before.evidence + (1 - rule.smoothing) * now;
  return { evidence, speech: evidence > (before.speech ? rule.leave : rule.enter) };
}

/** A step below this momentary loudness is silence, in LUFS. */
const SILENCE_LUFS = -60;

export function isSilent(window: Pick<StepWindow, 'loudness'>): boolean {
  return window.loudness < SILENCE_LUFS;
}

import { type AlertCondition, type AlertEnd, STEP_SECONDS, type StreamMessage } from '../../types.ts';
import { evaluate, extend, secondsOf, type Trail } from './condition.ts';
import type { AlertRule } from './rule.ts';

/** The state of one rule in one stream. Times are `t`, the stream's own audio time. */
export interface AlertState {
  /** When the alert was raised; null: it is not raised. */
  readonly raisedAt: number | null;
  /** Since when every frame has met the condition, or has been clear of it; null: not now. */
  readonly metSince: number | null;
  readonly clearSince: number | null;
  readonly trail: Trail;
}

export interface AlertChange {
  readonly type: 'alert-raised' | 'alert-cleared';
  readonly message: string;
  readonly condition: AlertCondition;
  readonly ended?: AlertEnd;
}

export const INITIAL: AlertState = { raisedAt: null, metSince: null, clearSince: null, trail: [] };

const DEFAULT_HOLD_SECONDS = { valence: 5, arousal: 5, change: 5, silence: 1, speech: 5 };

/** Applies one message to one rule: returns the next state and, if the message raises or clears the alert, the change. */
export function detect(
  rule: AlertRule,
  state: AlertState,
  message: StreamMessage,
): { readonly state: AlertState; readonly change?: AlertChange } {
  if (rule.when === 'source-lost') return detectLoss(rule, state, message);
  if (message.type === 'stream-stopped' || message.type === 'stream-started') {
    // A stopped stream meets no condition.
    return state.raisedAt === null
      ? { state: INITIAL }
      : { state: INITIAL, change: cleared(rule, state.raisedAt, message.t, 'stream-stopped') };
  }
  if (message.type !== 'emotion') return { state };

  const trail = rule.when === 'change' ? extend(state.trail, message, secondsOf(rule.within)) : state.trail;
  const condition = evaluate(rule, message, trail);
  const began = message.t - STEP_SECONDS;
  const metSince = condition === 'met' ? (state.metSince ?? began) : null;
  const clearSince = condition === 'clear' ? (state.clearSince ?? began) : null;
  const next = { ...state, trail, metSince, clearSince };

  if (state.raisedAt === null) {
    const needed = rule.when === 'change' ? 0 : secondsOf(rule.for);
    if (metSince === null || message.t - metSince < needed) return { state: next };
    const change = raised(rule, describe(rule));
    return { state: { ...next, raisedAt: message.t }, change };
  }
  const hold = rule.hold === undefined ? DEFAULT_HOLD_SECONDS[rule.when] : secondsOf(rule.hold);
  if (clearSince === null || message.t - clearSince < hold) return { state: next };
  return {
    state: { ...next, raisedAt: null },
    change: cleared(rule, state.raisedAt, message.t, 'clear'),
  };
}

/** A stream that stops with an error counts as a lost source, until it starts again. */
function detectLoss(rule: AlertRule, state: AlertState, message: StreamMessage) {
  const lost =
    message.type === 'source-lost' || (message.type === 'stream-stopped' && message.code !== undefined);
  const restored = message.type === 'source-restored' || message.type === 'stream-started';
  // A frame with sound means that the source is back, even without `source-restored`.
  const sound = message.type === 'emotion' && message.activity !== 'silence';
  if (lost && state.raisedAt === null) {
    const change = raised(rule, `${describe(rule)} ${message.message}`);
    return { state: { ...INITIAL, raisedAt: message.t }, change };
  }
  if ((restored || sound) && state.raisedAt !== null) {
    const change = cleared(rule, state.raisedAt, message.t, 'source-restored');
    return { state: INITIAL, change: { ...change, message: 'The source is back.' } };
  }
  return { state };
}

const raised = (rule: AlertRule, message: string): AlertChange => ({
  type: 'alert-raised',
  message,
  condition: conditionOf(rule),
});

function cleared(rule: AlertRule, raisedAt: number, t: number, because: AlertEnd['because']): AlertChange {
  const seconds = Math.max(0, Math.round((t - raisedAt) * 10) / 10);
  const why = because === 'stream-stopped' ? 'the stream stopped. ' : '';
  return {
    type: 'alert-cleared',
    message: `Ended after ${seconds} s: ${why}${describe(rule)}`,
    condition: conditionOf(rule),
    ended: { because, seconds },
  };
}

/** A rule without its name, and without what ends it. */
function conditionOf(rule: AlertRule): AlertCondition {
  switch (rule.when) {
    case 'valence':
    case 'arousal': {
      const level = rule.over === undefined ? { under: rule.under } : { over: rule.over };
      return { when: rule.when, ...level, for: rule.for };
    }
    case 'silence':
    case 'speech':
      return { when: rule.when, for: rule.for };
    case 'source-lost':
      return { when: rule.when };
    case 'change':
      return { when: rule.when, axis: rule.axis, over: rule.over, within: rule.within };
  }
}

/** Describes a rule whose condition was met, in one sentence. */
function describe(rule: AlertRule): string {
  switch (rule.when) {
    case 'valence':
    case 'arousal': {
      const side = rule.over === undefined ? `under ${rule.under}` : `over ${rule.over}`;
      return `${rule.when === 'valence' ? 'Valence' : 'Arousal'} was ${side} for ${rule.for}.`;
    }
    case 'silence':
      return `There was silence for ${rule.for}.`;
    case 'speech':
      return `There was speech for ${rule.for}.`;
    case 'source-lost':
      return 'The source was lost.';
    case 'change': {
      const what = rule.axis === 'both' ? 'The emotion' : rule.axis === 'valence' ? 'Valence' : 'Arousal';
      return `${what} changed by more than ${rule.over} a second over ${rule.within}.`;
    }
  }
}

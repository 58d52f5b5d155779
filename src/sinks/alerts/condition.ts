import { type EmotionFrame, STEP_SECONDS } from '../../types.ts';
import { parseDuration } from '../../util/duration.ts';
import type { AlertRule } from './rule.ts';

/** Whether a frame meets a rule's condition, is clear of it, or is between the two levels. */
export type ConditionState = 'met' | 'clear' | 'between';

/** The points of the last seconds, newest last; empty except for rules of `change`. */
export type Trail = readonly (readonly [t: number, valence: number, arousal: number])[];

/** How far an axis must return past the level to clear the alert, if the rule does not set `clear`. */
const HYSTERESIS = 0.1;
/** An alert of `change` is cleared below this share of the rate that raises it. */
const CLEAR_SHARE = 0.7;

/** Seconds of a validated duration such as `30s`. */
export const secondsOf = (span: string): number => parseDuration(span)! / 1000;

/** Evaluates one frame; `trail` includes it already. */
export function evaluate(rule: AlertRule, frame: EmotionFrame, trail: Trail): ConditionState {
  switch (rule.when) {
    case 'valence':
    case 'arousal':
      return evaluateLevel(rule, frame[rule.when]);
    case 'silence':
    case 'speech':
      return frame.activity === rule.when ? 'met' : 'clear';
    case 'change': {
      const rate = rateOf(rule.axis, trail, secondsOf(rule.within));
      if (rate === undefined) return frame.valence === null ? 'clear' : 'between';
      return rate > rule.over ? 'met' : rate < rule.over * CLEAR_SHARE ? 'clear' : 'between';
    }
    case 'source-lost':
      return 'between'; // Not visible in frames; see detect.ts.
  }
}

/** A step without music has no value, so it is not over or under any level. */
function evaluateLevel(
  rule: AlertRule & { when: 'valence' | 'arousal' },
  value: number | null,
): ConditionState {
  if (value === null) return 'clear';
  const sign = rule.over === undefined ? -1 : 1;
  const level = (rule.over ?? rule.under)!;
  const clear = rule.clear ?? level - sign * HYSTERESIS;
  if (sign * value > sign * level) return 'met';
  return sign * value < sign * clear ? 'clear' : 'between';
}

/** Appends the frame's point and drops points older than `withinSeconds`; empty after a step without music. */
export function extend(trail: Trail, frame: EmotionFrame, withinSeconds: number): Trail {
  if (frame.valence === null || frame.arousal === null) return [];
  const oldest = frame.t - withinSeconds - STEP_SECONDS / 2;
  return [...trail.filter(([t]) => t >= oldest), [frame.t, frame.valence, frame.arousal]];
}

/** Rate of change in units per second over the whole span; undefined until the trail covers it. */
function rateOf(
  axis: 'valence' | 'arousal' | 'both',
  trail: Trail,
  withinSeconds: number,
): number | undefined {
  const [first, last] = [trail[0], trail.at(-1)];
  if (!first || !last || last[0] - first[0] < withinSeconds - STEP_SECONDS / 2) return undefined;
  const [dv, da] = [last[1] - first[1], last[2] - first[2]];
  const distance = axis === 'both' ? Math.hypot(dv, da) : Math.abs(axis === 'valence' ? dv : da);
  return distance / (last[0] - first[0]);
}

import { expect, it } from 'vitest';
import { decide, NO_DECISION, type SpeechDecision } from '../../../src/model/activity/decision.ts';

const RULE = { smoothing: 0.5, enter: 1, leave: -1 };

function words(evidence: readonly number[], before: SpeechDecision = NO_DECISION): boolean[] {
  let decided = before;
  return evidence.map((logOdds) => {
    decided = decide(RULE, decided, logOdds);
    return decided.speech;
  });
}

it('is music until there is evidence of speech', () => {
  expect(words([0, 0.5, 0.9])).toEqual([false, false, false]);
  expect(words([3, 3])).toEqual([true, true]);
});

it('does not flicker when the evidence varies between the two thresholds', () => {
  const wavering = [0.9, -0.9, 0.9, -0.9, 0.9, -0.9];
  expect(words(wavering)).toEqual(Array(6).fill(false));
  expect(words([3, 3, ...wavering]).slice(2)).toEqual(Array(6).fill(true));
});

it('changes within three steps, whatever the evidence before', () => {
  const sure = words(Array(60).fill(50));
  expect(sure.at(-1)).toBe(true);
  expect(words([...Array(60).fill(50), -3, -3, -3]).at(-1)).toBe(false);
  expect(words([...Array(60).fill(-50), 3, 3, 3]).at(-1)).toBe(true);
});

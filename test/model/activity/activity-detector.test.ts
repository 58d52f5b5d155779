import { deserialize, serialize } from 'node:v8';
import { expect, it } from 'vitest';
import { Random } from '../../../lab/train/random.ts';
import {
  type ActivityState,
  createActivityDetector,
  loudnessDetector,
} from '../../../src/model/activity/activity-detector.ts';
import { madeUpWindow } from '../made-up.ts';
import { madeUpActivity } from './made-up.ts';

const detector = createActivityDetector(madeUpActivity());
const random = new Random(5);
const windows = Array.from({ length: 20 }, (_, step) => madeUpWindow(step, random));

/** The activities of the windows, and the state after them. */
function run(state?: ActivityState, from = 0, to = windows.length) {
  const classifier = detector.createClassifier(state);
  const activities = windows.slice(from, to).map((window) => classifier.classify(window));
  return { activities, state: classifier.state };
}

it('continues from a saved state without a difference', () => {
  const whole = run();
  const saved = deserialize(serialize(run(undefined, 0, 10).state));
  const rest = run(saved, 10);
  expect(rest.activities).toEqual(whole.activities.slice(10));
  expect(rest.state).toEqual(whole.state);
  expect(run(undefined, 10).state).not.toEqual(whole.state);
});

it('keeps the states of interleaved streams separate', () => {
  const [forth, back] = [detector.createClassifier(), detector.createClassifier()];
  for (const [i, window] of windows.entries()) {
    forth.classify(window);
    back.classify(windows[windows.length - 1 - i]!);
  }
  expect(forth.state).toEqual(run().state);
  expect(back.state).not.toEqual(forth.state);
});

it('returns copies of its state, and copies the state it is given', () => {
  const { state } = run(undefined, 0, 5);
  const before = structuredClone(state);
  const classifier = detector.createClassifier(state);
  classifier.classify(windows[5]!);
  classifier.state.h.fill(9);
  expect(state).toEqual(before);
  expect(classifier.state.h).not.toContain(9);
});

it('returns to the initial state on reset', () => {
  const classifier = detector.createClassifier(run().state);
  classifier.reset();
  expect(classifier.state).toEqual(detector.createClassifier().state);
});

it('does not change its decision during silence', () => {
  const { state } = run();
  const classifier = detector.createClassifier(state);
  const silent = { ...windows[0]!, loudness: -60.1 };
  expect(classifier.classify(silent)).toBe('silence');
  expect(classifier.classify({ ...silent, loudness: Number.NEGATIVE_INFINITY })).toBe('silence');
  expect(classifier.state).toEqual(state);
  expect(classifier.classify({ ...silent, loudness: -59.9 })).not.toBe('silence');
  expect(loudnessDetector.createClassifier().classify(silent)).toBe('silence');
});

it('rejects the state of another detector', () => {
  const other = createActivityDetector(madeUpActivity(1, { ...madeUpActivity().network, hidden: 7 }));
  expect(() => detector.createClassifier(other.createClassifier().state)).toThrow(/saved state/);
});

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

/** What a listener says of the windows, and the state it is then in. */
function run(state?: ActivityState, from = 0, to = windows.length) {
  const listener = detector.createClassifier(state);
  const heard = windows.slice(from, to).map((window) => listener.classify(window));
  return { heard, state: listener.state };
}

it('goes on from a saved state as if nothing had happened', () => {
  const whole = run();
  const saved = deserialize(serialize(run(undefined, 0, 10).state));
  const rest = run(saved, 10);
  expect(rest.heard).toEqual(whole.heard.slice(10));
  expect(rest.state).toEqual(whole.state);
  expect(run(undefined, 10).state).not.toEqual(whole.state);
});

it('keeps streams that take turns apart', () => {
  const [forth, back] = [detector.createClassifier(), detector.createClassifier()];
  for (const [i, window] of windows.entries()) {
    forth.classify(window);
    back.classify(windows[windows.length - 1 - i]!);
  }
  expect(forth.state).toEqual(run().state);
  expect(back.state).not.toEqual(forth.state);
});

it('gives copies of its state away, and takes copies', () => {
  const { state } = run(undefined, 0, 5);
  const before = structuredClone(state);
  const listener = detector.createClassifier(state);
  listener.classify(windows[5]!);
  listener.state.h.fill(9);
  expect(state).toEqual(before);
  expect(listener.state.h).not.toContain(9);
});

it('forgets everything on reset', () => {
  const listener = detector.createClassifier(run().state);
  listener.reset();
  expect(listener.state).toEqual(detector.createClassifier().state);
});

it('lets what was decided rest through silence', () => {
  const { state } = run();
  const listener = detector.createClassifier(state);
  const silent = { ...windows[0]!, loudness: -60.1 };
  expect(listener.classify(silent)).toBe('silence');
  expect(listener.classify({ ...silent, loudness: Number.NEGATIVE_INFINITY })).toBe('silence');
  expect(listener.state).toEqual(state);
  expect(listener.classify({ ...silent, loudness: -59.9 })).not.toBe('silence');
  expect(loudnessDetector.createClassifier().classify(silent)).toBe('silence');
});

it('refuses the state of another detector', () => {
  const other = createActivityDetector(madeUpActivity(1, { ...madeUpActivity().network, hidden: 7 }));
  expect(() => detector.createClassifier(other.createClassifier().state)).toThrow(/saved state/);
});

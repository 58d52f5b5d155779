import { describe, expect, it } from 'vitest';
import { StepRing } from '../../dashboard/state/step-ring.ts';
import {
  continuedPath,
  presentDistance,
  remainingPlan,
  sceneTarget,
  steadyTenth,
  type TargetPlan,
  withMoved,
  withStep,
} from '../../dashboard/state/target.ts';
import { placeOfMood, TARGET_MOODS } from '../../dashboard/state/target-presets.ts';
import { moodOf } from '../../src/mood.ts';
import { fakeFrame } from './fake-frame.ts';

const FROM = { valence: -0.2, arousal: 0.4 };
const TO = { valence: 0.2, arousal: -0.2 };
const END = { valence: 0.4, arousal: -0.4 };

const leg = (from: typeof FROM, to: typeof TO, minutes: number): TargetPlan => ({
  from,
  steps: [{ id: 0, ...to, minutes }],
});
const PLAN: TargetPlan = {
  from: FROM,
  steps: [
    { id: 0, ...TO, minutes: 1 },
    { id: 1, ...END, minutes: 2.5 },
  ],
};

describe('a target that continues', () => {
  it('begins at the present and ends at the goal', () => {
    expect(continuedPath(null, 12.34, leg(FROM, TO, 2))).toEqual([
      { t: 12.3, ...FROM },
      { t: 132.3, ...TO },
    ]);
  });

  it('keeps what is over of the one before, with rising times', () => {
    const before = continuedPath(null, 0, leg(FROM, TO, 1));
    const path = continuedPath(before, 30, leg(TO, FROM, 1));
    expect(path.map(({ t }) => t)).toEqual([0, 29.9, 30, 90]);
    expect(path[1]!.valence).toBeCloseTo(0);
    let many = path;
    for (let i = 0; i < 60; i++) many = continuedPath(many, 100 + i, leg(FROM, TO, 1));
    expect(many).toHaveLength(64);
    expect(many.every(({ t }, i) => i === 0 || t > many[i - 1]!.t)).toBe(true);
  });
});

describe('a target of several steps', () => {
  it('leads through the places of its steps, in order', () => {
    expect(continuedPath(null, 10, PLAN)).toEqual([
      { t: 10, ...FROM },
      { t: 70, ...TO },
      { t: 220, ...END },
    ]);
    expect(continuedPath(null, 10, withMoved(PLAN, 1, -1))).toEqual([
      { t: 10, ...FROM },
      { t: 160, ...END },
      { t: 220, ...TO },
    ]);
    expect(withMoved(PLAN, 0, -1)).toEqual(PLAN);
    expect(withMoved(PLAN, 1, 1)).toEqual(PLAN);
  });

  it('grows by a step that has an id of its own', () => {
    const { steps } = withStep(withMoved(PLAN, 0, 1));
    expect(steps.map(({ id }) => id)).toEqual([1, 0, 2]);
    expect(steps[2]).toMatchObject({ ...TO, minutes: 1 });
  });

  it('is changed from where it is: what is over stays, and it does not jump', () => {
    const path = continuedPath(null, 0, PLAN);
    const plan = remainingPlan(path, 30)!;
    expect(plan).toEqual({
      from: { valence: 0, arousal: 0.1 },
      steps: [
        { id: 0, ...TO, minutes: 0.5 },
        { id: 1, ...END, minutes: 2.5 },
      ],
    });
    expect(continuedPath(path, 30, { ...plan, steps: [plan.steps[1]!] })).toEqual([
      { t: 0, ...FROM },
      { t: 30, valence: 0, arousal: 0.1 },
      { t: 180, ...END },
    ]);
    expect(remainingPlan(path, 300)).toBeNull();
    expect(remainingPlan(null, 300)).toBeNull();
    // A path that begins later is changed from its first point on.
    expect(remainingPlan(continuedPath(null, 600, PLAN), 30)?.steps.map(({ minutes }) => minutes)).toEqual([
      1, 2.5,
    ]);
  });
});

describe('the distance from the target', () => {
  const START = Date.parse('2026-11-20T20:00:00Z');
  const ring = () => {
    const steps = new StepRing();
    for (let i = 0; i < 20; i++)
      steps.append({ ...fakeFrame('booth', i, START + 500 * (i + 1)), valence: 0.3, arousal: -0.2 });
    return steps;
  };

  it('is that of the mean of the newest readings from where the target is now', () => {
    const path = [
      { t: 0, valence: 0.3, arousal: -0.2 },
      { t: 20, valence: 0.3, arousal: 0.6 },
    ];
    expect(presentDistance(ring(), sceneTarget(path, START / 1000)!)).toBeCloseTo(0.4, 2);
    expect(presentDistance(new StepRing(), sceneTarget(path, START / 1000)!)).toBeNull();
    expect(presentDistance(ring(), sceneTarget(path, START / 1000 + 60)!)).toBeNull();
  });

  it('keeps its last decimal until it is clearly another', () => {
    expect(steadyTenth(0.24, null)).toBe(0.2);
    expect(steadyTenth(0.26, 0.2)).toBe(0.2);
    expect(steadyTenth(0.28, 0.2)).toBe(0.3);
    expect(steadyTenth(null, 0.2)).toBeNull();
  });
});

it('offers places that have the mood they are named after', () => {
  for (const mood of TARGET_MOODS) {
    const { valence, arousal } = placeOfMood(mood);
    expect(moodOf(valence, arousal)).toBe(mood);
  }
});

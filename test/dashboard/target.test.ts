import { describe, expect, it } from 'vitest';
import { StepRing } from '../../dashboard/state/step-ring.ts';
import { continuedPath, presentDistance, sceneTarget, steadyTenth } from '../../dashboard/state/target.ts';
import { placeOfMood, TARGET_MOODS } from '../../dashboard/state/target-presets.ts';
import { moodOf } from '../../src/mood.ts';
import { fakeFrame } from './fake-frame.ts';

const FROM = { valence: -0.2, arousal: 0.4 };
const TO = { valence: 0.2, arousal: -0.2 };

describe('a target that continues', () => {
  it('begins at the present and ends at the goal', () => {
    expect(continuedPath(null, 12.34, { from: FROM, to: TO, minutes: 2 })).toEqual([
      { t: 12.3, ...FROM },
      { t: 132.3, ...TO },
    ]);
  });

  it('keeps what is over of the one before, with rising times', () => {
    const before = continuedPath(null, 0, { from: FROM, to: TO, minutes: 1 });
    const path = continuedPath(before, 30, { from: TO, to: FROM, minutes: 1 });
    expect(path.map(({ t }) => t)).toEqual([0, 29.9, 30, 90]);
    expect(path[1]!.valence).toBeCloseTo(0);
    let many = path;
    for (let i = 0; i < 60; i++) many = continuedPath(many, 100 + i, { from: FROM, to: TO, minutes: 1 });
    expect(many).toHaveLength(64);
    expect(many.every(({ t }, i) => i === 0 || t > many[i - 1]!.t)).toBe(true);
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

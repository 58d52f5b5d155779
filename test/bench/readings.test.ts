import { expect, test } from 'vitest';
import { median, quantiles } from '../../bench/load/quantiles.ts';
import { changesPerMinute, secondsToMood } from '../../bench/readings/mood-changes.ts';
import { halfWaySeconds, rmsChange } from '../../bench/readings/movement.ts';
import { value } from '../../bench/soak/server.ts';
import { moodOf } from '../../src/mood.ts';

test('quantiles are numbers of the sample; of none they are unknown', () => {
  const at = quantiles([4, 1, 3, 2]);
  expect([at(0), at(0.5), at(0.99), at(1)]).toEqual([1, 3, 4, 4]);
  expect(median([])).toBeNaN();
});

test('the change of the reading leaves out steps without one', () => {
  expect(rmsChange([0, 0.1, 0.2, 0.3, 0.4], 2)).toBeCloseTo(0.2, 10);
  expect(rmsChange([0, null, 0.3, 0.1, null], 2)).toBeCloseTo(0.3, 10);
  expect(rmsChange([0.1], 2)).toBeNaN();
});

test('half-way to the next song is the first step that is nearer to its reading', () => {
  expect(halfWaySeconds([0, 0, 0.1, 0.2, 0.3, 0.4], 2, 0.1)).toBe(1.5);
  expect(halfWaySeconds([0, 0.4, 0, 0.4], 3, 0.1)).toBe(0.5);
  expect(halfWaySeconds([0, 0, 0.05], 2, 0.1)).toBeUndefined();
  expect(halfWaySeconds([0, null, 0.4], 2, 0.1)).toBeUndefined();
});

test('changes of the mood word count per minute with music', () => {
  const words = [...Array(60).fill('happy'), null, ...Array(60).fill('sad'), 'happy'] as const;
  expect(changesPerMinute(words)).toBeCloseTo((60 * 2) / 60.5, 10);
});

test('a word follows a cut when its region holds the mood of the piece after it', () => {
  const [before, after] = [moodOf(-0.5, -0.5), moodOf(0.5, 0.5)];
  const mood = { valence: 0.5, arousal: 0.5 };
  expect(secondsToMood([before, before, before, 'uncertain', null, after], 2, mood)).toBe(2);
  expect(secondsToMood([before, before, before], 2, mood)).toBe(Number.POSITIVE_INFINITY);
  expect(secondsToMood([after, after, after], 2, mood)).toBeUndefined();
  expect(secondsToMood([before, null, after], 2, mood)).toBeUndefined();
});

test('a metric is summed over its labels', () => {
  const text = '# TYPE steps counter\nsteps{stream="a"} 3\nsteps{stream="b"} 4\nsteps_total 9\nseconds 0.5\n';
  expect([value(text, 'steps'), value(text, 'seconds'), value(text, 'absent')]).toEqual([7, 0.5, 0]);
});

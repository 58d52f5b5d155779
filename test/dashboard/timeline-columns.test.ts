import { expect, it } from 'vitest';
import { createColumns, FORECAST, fillColumns, VALENCE, X } from '../../dashboard/draw/timeline-columns.ts';
import { HistoryTile } from '../../dashboard/state/history-tile.ts';
import { StepRing } from '../../dashboard/state/step-ring.ts';
import type { Part } from '../../dashboard/state/steps.ts';
import { fakeFrame } from './fake-frame.ts';

const frame = (seq: number) => fakeFrame('booth', seq, 500 * (seq + 1));

/** The last `seconds` of a ring. */
const last = (ring: StepRing, seconds: number): Part[] => {
  const to = ring.length === 0 ? 0 : ring.x(ring.length - 1);
  return [{ steps: ring, from: to - seconds, to }];
};

it('fills in the requested window and the forecast after it', () => {
  const ring = new StepRing();
  for (let seq = 0; seq < 100; seq++) ring.append(frame(seq));
  const columns = createColumns();
  fillColumns(columns, last(ring, 10), frame(99));
  const xs = columns[X].map((x) => x - ring.x(99));
  expect(xs[0]).toBeCloseTo(-10, 6);
  expect(xs.slice(-6)).toEqual([0, 0.5, 1, 2, 5, 10]);
  expect(columns[FORECAST + VALENCE]?.slice(-6)[0]).toBe(frame(99).valence);
  expect(columns[VALENCE]?.slice(-5)).toEqual([null, null, null, null, null]);
  for (const column of columns) expect(column.length).toBe(xs.length);
});

it('breaks the line at missing steps and where there is no music', () => {
  const ring = new StepRing();
  for (const seq of [0, 1, 20, 21]) ring.append(frame(seq));
  for (const seq of [149, 150]) ring.append(frame(seq));
  const columns = createColumns();
  fillColumns(columns, last(ring, 900), null);
  const known = columns[VALENCE]!.map((value) => value !== null);
  expect(known).toEqual([true, true, false, true, true, false, true, false]);
  const xs = columns[X];
  for (let i = 1; i < xs.length; i++) expect(xs[i]).toBeGreaterThan(xs[i - 1]!);
});

it('draws the newest steps after means that end later than they begin', () => {
  const ring = new StepRing();
  for (let seq = 42; seq < 50; seq++) ring.append(frame(seq));
  const row = { valence: 0, valenceLow: 0, valenceHigh: 0, arousal: 0, arousalLow: 0, arousalHigh: 0 };
  // The mean of the last 10 s, which have yet to end.
  const means = new HistoryTile([{ ...row, x: 30, activity: 'music', mood: 'calm' }], 10);
  const columns = createColumns();
  const at = ring.x(0);
  fillColumns(
    columns,
    [
      { steps: means, from: 0, to: at },
      { steps: ring, from: at - 0.5, to: 25 },
    ],
    null,
  );
  expect(columns[X]).toEqual(Array.from({ length: 8 }, (_, i) => ring.x(i)));
});

it('shrinks when another stream has fewer steps', () => {
  const columns = createColumns();
  const long = new StepRing();
  for (let seq = 0; seq < 50; seq++) long.append(frame(seq));
  fillColumns(columns, last(long, 900), null);
  fillColumns(columns, last(new StepRing(), 900), null);
  for (const column of columns) expect(column.length).toBe(0);
});

import { describe, expect, it } from 'vitest';
import { ribbonSpans } from '../../dashboard/draw/ribbon.ts';
import { createColumns, fillColumns, VALENCE } from '../../dashboard/draw/timeline-columns.ts';
import { tileOfFrames } from '../../dashboard/state/history-tile.ts';
import { StepRing } from '../../dashboard/state/step-ring.ts';
import type { Steps } from '../../dashboard/state/steps.ts';
import { wholeOf } from '../../dashboard/state/whole.ts';
import type { EmotionFrame } from '../../src/types.ts';
import { fakeFrame } from './fake-frame.ts';

const START = Date.parse('2026-01-01T12:00:00Z');

/** Music steps, each emitted at `seconds(seq)` after the start. */
const framesAt = (count: number, seconds: (seq: number) => number): EmotionFrame[] =>
  Array.from({ length: count }, (_, seq) => fakeFrame('booth', seq, START + 1000 * seconds(seq)));

/** All charts take their steps from one of these. */
const KINDS: readonly (readonly [string, (frames: readonly EmotionFrame[]) => Steps])[] = [
  [
    'live',
    (frames) => {
      const ring = new StepRing();
      for (const frame of frames) ring.append(frame);
      return ring;
    },
  ],
  ['the log', (frames) => tileOfFrames(frames, 0.5)],
  [
    'a replay',
    (rows) => {
      const times = Float64Array.from(rows, ({ time }) => Date.parse(time));
      const ends = { startMs: times[0]!, endMs: times.at(-1)! };
      return wholeOf({ rows, times, stepSeconds: 0.5, target: null, ...ends }).steps;
    },
  ],
];

/** Holes in the line and in the ribbon. */
function holesOf(steps: Steps): { readonly line: number; readonly ribbon: number } {
  const part = { steps, from: steps.x(0) - 1, to: steps.x(steps.length - 1) };
  const columns = createColumns();
  fillColumns(columns, [part], null);
  return {
    line: columns[VALENCE]!.filter((value) => value === null).length,
    ribbon: ribbonSpans([part]).filter(({ label }) => label === 'no data').length,
  };
}

const NONE = { line: 0, ribbon: 0 };
const ONE = { line: 1, ribbon: 1 };

describe.each(KINDS)('%s', (_, stepsOf) => {
  it.each([
    ['at half its speed', (seq: number) => seq],
    ['at a third of its speed', (seq: number) => 1.5 * seq],
    ['4 steps every 4 s', (seq: number) => 4 * Math.floor(seq / 4)],
    ['2 steps every 2 s', (seq: number) => 2 * Math.floor(seq / 2)],
    ['in segments of 6 s', (seq: number) => 6 * Math.floor(seq / 12)],
    ['in segments of 6 s, slower than they play', (seq: number) => 8 * Math.floor(seq / 12)],
    ['unevenly', (seq: number) => 0.9 * seq + (seq % 7 < 3 ? 0 : Math.max(0, 2.5 - 0.9 * ((seq % 7) - 3)))],
  ])('has no hole where a source delivers %s, because every step is there', (_name, seconds) => {
    expect(holesOf(stepsOf(framesAt(120, seconds)))).toEqual(NONE);
  });

  it('has no hole where the computer was too slow for a while', () => {
    // The first late step waits for 12 s; the computer then takes half a minute to catch up.
    const lateness = (seq: number) => (seq < 40 ? 0 : Math.max(0, 12 - 0.2 * (seq - 40)));
    const frames = framesAt(120, (seq) => 0.5 * seq + lateness(seq));
    const late = frames.map((frame) => ({ ...frame, latencyMs: 4 + 1000 * lateness(frame.seq) }));
    expect(holesOf(stepsOf(late))).toEqual(NONE);
  });

  it('has a hole where a source delivered nothing, where steps are missing, and between runs', () => {
    expect(holesOf(stepsOf(framesAt(120, (seq) => 0.5 * seq + (seq < 40 ? 0 : 8))))).toEqual(ONE);
    const frames = framesAt(120, (seq) => 0.5 * seq);
    expect(holesOf(stepsOf(frames.filter(({ seq }) => seq < 40 || seq > 45)))).toEqual(ONE);
    const secondRun = framesAt(20, (seq) => 70 + 0.5 * seq);
    expect(holesOf(stepsOf([...frames, ...secondRun]))).toEqual(ONE);
  });
});

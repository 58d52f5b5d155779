import { expect, it, vi } from 'vitest';
import { HistoryTile } from '../../dashboard/state/history-tile.ts';
import type { Part } from '../../dashboard/state/steps.ts';

// Not by its literal name: its types are those of browsers, which the tests are not checked with.
const PATH: string = '../../dashboard/draw/sparkline.ts';
const { drawSparkline } = await import(PATH);

const RANGE = { from: 0, to: 600 };
const VALUES = { valence: 0, valenceLow: 0, valenceHigh: 0, arousal: 0, arousalLow: 0, arousalHigh: 0 };

function part(xs: readonly number[], stepSeconds: number): Part {
  const rows = xs.map((x) => ({ ...VALUES, x, activity: 'music' as const, mood: 'calm' }));
  return { steps: new HistoryTile(rows, stepSeconds), ...RANGE };
}

/** How many separate lines each of the two lanes has; the line at 0 does not count. */
function linesOf(parts: readonly Part[]): number {
  const moveTo = vi.fn();
  const context = new Proxy({ canvas: { width: 600, height: 100 }, moveTo } as object, {
    get: (target, key) => Reflect.get(target, key) ?? (() => undefined),
  });
  drawSparkline(context, parts, RANGE, {}, 1, []);
  return moveTo.mock.calls.length / 2 - 1;
}

it('goes on from the last mean of the log to the first step after it', () => {
  expect(linesOf([part([560, 570, 580], 10), part([588, 588.5, 589], 0.5)])).toBe(1);
});

it('breaks where audio is missing, between means, between steps, and from one to the other', () => {
  expect(linesOf([part([400, 410, 470, 480], 10)])).toBe(2);
  expect(linesOf([part([588, 590, 590.5], 0.5)])).toBe(2);
  expect(linesOf([part([500, 510], 10), part([588, 588.5], 0.5)])).toBe(2);
  expect(linesOf([part([570, 580], 10), part([588, 592, 592.5], 0.5)])).toBe(2);
});

import { expect, it } from 'vitest';
import { overviewPaths } from '../../dashboard/draw/overview.ts';
import { fakeFrame } from './fake-frame.ts';

/** Lines of valence in the strip of a session of 100 s, whose steps begin at these seconds, without music at `silent`. */
function lines(seconds: readonly number[], silent = -1): number {
  const rows = seconds.map((at) => {
    const music = at === silent ? { valence: null, arousal: null } : { valence: 0.2, arousal: 0.1 };
    return { ...fakeFrame('booth', 0, at * 1000), ...music };
  });
  const times = Float64Array.from(seconds, (at) => at * 1000);
  return (
    overviewPaths({ startMs: 0, endMs: 100_000, stepSeconds: 0.5, rows, times }).valence.split('M').length - 1
  );
}

const STEPS = Array.from({ length: 200 }, (_, i) => i / 2);

it('the strip of a session has no hole where steps were late, one where data or music is missing', () => {
  expect(lines(STEPS)).toBe(1);
  expect(lines(STEPS.filter((at) => at < 40 || at >= 43))).toBe(1);
  expect(lines(STEPS.filter((at) => at < 40 || at >= 46))).toBe(2);
  expect(lines(STEPS, 40)).toBe(2);
});

import { expect, test } from 'vitest';
import { levelOf, levelState, NO_LEVEL, nextLevel } from '../../../../src/model/kinds/undertone/level.ts';

function levelsOf(outputs: readonly number[], leastShare: number): number[] {
  let level = NO_LEVEL;
  return outputs.map((output) => {
    level = nextLevel(level, output, -output, leastShare);
    expect(level.arousal).toBeCloseTo(-level.valence, 12);
    return level.valence;
  });
}

test('is the mean of the outputs until the least share is reached', () => {
  const levels = levelsOf([0.4, 0.2, 0.6, 0], 0.25);
  for (const [i, wanted] of [0.4, 0.3, 0.4, 0.3].entries()) expect(levels[i]).toBeCloseTo(wanted, 12);
});

test('then follows with the least share', () => {
  const levels = levelsOf([...Array(50).fill(0), 1, 1], 0.1);
  expect(levels.at(-2)).toBeCloseTo(0.1, 12);
  expect(levels.at(-1)).toBeCloseTo(0.19, 12);
});

test('is the output itself with a share of 1', () => {
  const outputs = [0.3, -0.7, 0.1];
  for (const [i, level] of levelsOf(outputs, 1).entries()) expect(level).toBeCloseTo(outputs[i]!, 12);
});

test('its state restores it', () => {
  const level = { valence: 0.5, arousal: -0.25, steps: 8 };
  expect(levelOf(levelState(level))).toEqual(level);
  expect(levelOf({ level: new Float32Array(2) })).toBeUndefined();
  expect(levelOf({})).toBeUndefined();
});

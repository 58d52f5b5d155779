import { describe, expect, test } from 'vitest';
import { camelot, camelotSteps, keyName, parseKey } from '../../../src/library/music/musical-key.ts';

describe('parseKey', () => {
  test.each([
    ['Am', 'Am', '8A'],
    ['A minor', 'Am', '8A'],
    ['amin', 'Am', '8A'],
    ['C', 'C', '8B'],
    ['F#m', 'F#m', '11A'],
    ['G♭ major', 'Gb', '2B'],
    ['Bbm', 'Bbm', '3A'],
    ['08A', 'Am', '8A'],
    ['12B', 'E', '12B'],
    ['1m', 'Am', '8A'],
    ['1d', 'C', '8B'],
    ['6d', 'B', '1B'],
  ])('reads %s as %s, %s', (text, name, wheel) => {
    const key = parseKey(text)!;
    expect(keyName(key)).toBe(name);
    expect(camelot(key)).toBe(wheel);
  });

  test.each(['', 'o', '13A', '0d', 'X', 'All'])('does not take "%s" for a key', (text) => {
    expect(parseKey(text)).toBeUndefined();
  });
});

test('every key survives its name and its place on the wheel', () => {
  for (const mode of ['major', 'minor'] as const) {
    for (let tonic = 0; tonic < 12; tonic++) {
      const key = { tonic, mode };
      expect(parseKey(keyName(key))).toEqual(key);
      expect(parseKey(camelot(key))).toEqual(key);
    }
  }
});

test.each([
  ['8A', '8A', 0],
  ['8A', '8B', 1],
  ['8A', '9A', 1],
  ['12A', '1A', 1],
  ['8A', '9B', 2],
  ['8A', '2A', 6],
])('%s and %s are %i steps apart', (a, b, steps) => {
  expect(camelotSteps(parseKey(a)!, parseKey(b)!)).toBe(steps);
});

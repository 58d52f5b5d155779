import { describe, expect, test } from 'vitest';
import { planeDistance, targetAt } from '../src/target-path.ts';

const PATH = [
  { t: 10, valence: -0.4, arousal: 0.4 },
  { t: 20, valence: 0, arousal: 0.4 },
  { t: 40, valence: 0.4, arousal: -0.4 },
];

describe('a target path', () => {
  test('begins with its first point, is linear between points, and ends at the last', () => {
    expect(targetAt(PATH, 9.9)).toBeNull();
    expect(targetAt(PATH, 10)).toEqual({ valence: -0.4, arousal: 0.4 });
    expect(targetAt(PATH, 15)).toEqual({ valence: -0.2, arousal: 0.4 });
    expect(targetAt(PATH, 20)).toEqual({ valence: 0, arousal: 0.4 });
    expect(targetAt(PATH, 30)).toEqual({ valence: 0.2, arousal: 0 });
    expect(targetAt(PATH, 40)).toEqual({ valence: 0.4, arousal: -0.4 });
    expect(targetAt(PATH, 4000)).toEqual({ valence: 0.4, arousal: -0.4 });
    expect(targetAt([], 0)).toBeNull();
  });

  test('distance is that on the plane', () => {
    expect(planeDistance({ valence: -0.3, arousal: 0.2 }, { valence: 0, arousal: -0.2 })).toBeCloseTo(0.5);
  });
});

import { describe, expect, it } from 'vitest';
import { moodOf } from '../src/mood.ts';
import { MoodHold, type MoodState } from '../src/mood-hold.ts';
import { seededRandom } from './log/synthetic-frames.ts';

const SD = [0.195, 0.195] as const;
const CALM = [0.4, -0.4] as const;
const TENSE = [-0.4, 0.4] as const;

const steps = (hold: MoodHold, count: number, [valence, arousal]: readonly [number, number]) =>
  Array.from({ length: count }, () => hold.step(valence, arousal, ...SD));

/** Changes of the word over readings. */
const changes = (words: readonly unknown[]) =>
  words.filter((word, i) => i > 0 && word !== words[i - 1]).length;

describe('the word of a stream', () => {
  it('has the first reading’s word at once, and follows a clear change within 2 s', () => {
    const hold = new MoodHold();
    expect(steps(hold, 20, CALM)).toEqual(Array(20).fill('calm'));
    const after = steps(hold, 20, TENSE);
    expect(after.indexOf('tense')).toBeGreaterThan(0);
    expect(after.indexOf('tense')).toBeLessThan(4);
    expect(changes(after)).toBe(1);
  });

  it('is not changed by one reading, however far', () => {
    const hold = new MoodHold();
    steps(hold, 10, CALM);
    expect(hold.step(-0.9, 0.9, 0.05, 0.05)).toBe('calm');
    expect(steps(hold, 10, CALM)).toEqual(Array(10).fill('calm'));
  });

  it('holds while readings vary around a border, between two sectors and at the neutral disc', () => {
    for (const [valence, arousal] of [
      [0.37, 0.153], // happy | excited
      [0.12, 0], // neutral | happy
      [-0.05, 0.11], // neutral | energetic
    ]) {
      const random = seededRandom(3);
      const noise = () => 0.06 * (random() + random() - 1);
      const hold = new MoodHold();
      const words = Array.from({ length: 1200 }, () =>
        hold.step(valence! + noise(), arousal! + noise(), ...SD),
      );
      expect(changes(words)).toBeLessThanOrEqual(1);
    }
  });

  it('follows a small but lasting change, later than a large one', () => {
    const stepsUntil = (degrees: number) => {
      const angle = (degrees * Math.PI) / 180;
      const hold = new MoodHold();
      steps(hold, 10, [0.4, 0]);
      return steps(hold, 60, [0.4 * Math.cos(angle), 0.4 * Math.sin(angle)]).indexOf('excited');
    };
    expect(stepsUntil(24)).toBe(-1);
    expect(stepsUntil(32)).toBeGreaterThan(stepsUntil(45));
    expect(stepsUntil(45)).toBeGreaterThan(0);
  });

  it('shows no word in between when the readings cross the middle', () => {
    const hold = new MoodHold();
    steps(hold, 10, CALM);
    const path = Array.from({ length: 5 }, (_, i) => 0.4 - (0.8 * (i + 1)) / 5);
    const words = [...path.map((valence) => hold.step(valence, -valence, ...SD)), ...steps(hold, 10, TENSE)];
    expect(words).not.toContain('neutral');
    expect(words.at(-1)).toBe('tense');
  });

  it('is uncertain in the middle if the standard deviations are wide, not at the usual ones', () => {
    const first = (valence: number, arousal: number, sd: number) =>
      new MoodHold().step(valence, arousal, sd, sd);
    expect(first(0, 0, 0.17)).toBe('neutral');
    expect(first(0.1, 0.1, 0.2)).toBe('excited');
    expect(first(0, 0, 0.3)).toBe('uncertain');
    expect(first(0.5, 0.5, 0.3)).toBe('excited');
    const hold = new MoodHold();
    steps(hold, 10, [0, 0]);
    const wide = Array.from({ length: 6 }, () => hold.step(0, 0, 0.35, 0.35));
    expect([wide[0], wide.at(-1)]).toEqual(['neutral', 'uncertain']);
    expect(hold.step(0, 0, 0.22, 0.22)).toBe('uncertain'); // between the two thresholds
    expect(steps(hold, 6, [0.4, 0.4]).at(-1)).toBe('excited');
  });
});

describe('a new piece', () => {
  const QUIET = [0.3, -0.2] as const; // calm
  const HAPPY = [0.35, -0.07] as const; // near calm
  /** Readings that approach a place as those of the models do after a cut. */
  const approach = (
    [v0, a0]: readonly [number, number],
    [v1, a1]: readonly [number, number],
    count: number,
    start = 0,
  ) =>
    Array.from({ length: count }, (_, i) => {
      const left = 0.8 ** (start + i + 1);
      return [v1 + (v0 - v1) * left, a1 + (a0 - a1) * left] as const;
    });
  const wordsOf = (hold: MoodHold, readings: readonly (readonly [number, number])[]) =>
    readings.map(([valence, arousal]) => hold.step(valence, arousal, ...SD));
  const holdAt = (reading: readonly [number, number], begins: boolean) => {
    const hold = new MoodHold();
    steps(hold, 20, reading);
    if (begins) hold.beginPiece();
    return hold;
  };

  it('gets its word when its readings head for it, and the words that they pass are not shown', () => {
    for (const [from, to, word] of [
      [CALM, [-0.3, 0.05], 'gloomy'],
      [[-0.2, -0.2], [0.25, 0.2], 'excited'],
      [[0.2, 0.3], [-0.1, -0.3], 'subdued'],
    ] as const) {
      const readings = approach(from, to, 30);
      const words = wordsOf(holdAt(from, true), readings);
      const arrived = readings.findIndex(([valence, arousal]) => moodOf(valence, arousal) === word);
      expect(words.indexOf(word)).toBeGreaterThan(1);
      expect(words.indexOf(word)).toBeLessThanOrEqual(arrived + 1);
      expect(changes(words)).toBe(1);
    }
  });

  it('begins with the first reading of a stream', () => {
    const words = wordsOf(new MoodHold(), approach([-0.02, -0.02], [-0.25, -0.25], 10));
    expect(words[0]).toBe('neutral');
    expect(words.indexOf('sad')).toBeLessThan(5);
    expect(changes(words)).toBe(1);
  });

  it('has the word of its place after 5 s, where without its beginning the word before would hold for longer', () => {
    const readings = approach(QUIET, HAPPY, 20);
    expect(wordsOf(holdAt(QUIET, false), readings).slice(0, 12)).toEqual(Array(12).fill('calm'));
    const words = wordsOf(holdAt(QUIET, true), readings);
    expect(words[9]).toBe('happy');
    expect(changes(words)).toBe(1);
    // The readings stood still at first, and the last of the 5 s decides.
    const hold = holdAt(QUIET, true);
    const slow = [...Array(8).fill(QUIET), [0.32, -0.1], [0.33, -0.08]];
    expect(wordsOf(hold, slow).slice(-2)).toEqual(['calm', 'happy']);
  });

  it('keeps the word of the one before if its readings are at the border', () => {
    expect(wordsOf(holdAt(QUIET, true), approach(QUIET, [0.3, -0.11], 20))).toEqual(Array(20).fill('calm'));
  });

  it('is no longer new after 5 s: the readings’ movement no longer counts', () => {
    const hold = holdAt(QUIET, true);
    steps(hold, 10, QUIET);
    const before = approach(QUIET, [0.3, 0.05], 3); // heads for happy, but turns around
    expect(wordsOf(hold, [...before, ...approach(before[2]!, QUIET, 10)])).toEqual(Array(13).fill('calm'));
  });
});

describe('a pause', () => {
  const afterPause = (restSteps: number) => {
    const hold = new MoodHold();
    steps(hold, 10, CALM);
    for (let i = 0; i < restSteps; i++) hold.rest();
    return hold.step(...TENSE, ...SD);
  };

  it('shorter than 2 s is a rest within the music; after a longer one the word begins anew', () => {
    expect(afterPause(3)).toBe('calm');
    expect(afterPause(4)).toBe('tense');
  });
});

it('goes on from a saved state as if nothing had happened, and begins anew after a reset', () => {
  const readings = (seed: number) => {
    const random = seededRandom(seed);
    let [valence, arousal] = [0, 0];
    return Array.from({ length: 600 }, () => {
      valence = 0.95 * valence + 0.2 * (random() - 0.5);
      arousal = 0.95 * arousal + 0.2 * (random() - 0.5);
      return random() < 0.05 ? null : ([valence, arousal, 0.1 + 0.2 * random(), 0.18] as const);
    });
  };
  const run = (hold: MoodHold, of: ReturnType<typeof readings>, from = 0) =>
    of.map((reading, i) => {
      if ((from + i) % 50 === 20) hold.beginPiece();
      return reading ? hold.step(...reading) : hold.rest();
    });
  const all = run(new MoodHold(), readings(1));
  for (const cut of [1, 137, 300, 421]) {
    const first = new MoodHold();
    const before = run(first, readings(1).slice(0, cut));
    const saved = structuredClone(first.state);
    run(first, readings(2)); // The saved state is a copy.
    expect([...before, ...run(new MoodHold(saved), readings(1).slice(cut), cut)]).toEqual(all);
    first.reset();
    expect(run(first, readings(1))).toEqual(all);
  }
  expect(new Set(all).size).toBeGreaterThan(5);
});

it('goes on from a state of an earlier version', () => {
  const state = { word: 'calm', evidence: 0.3, restSteps: 0, pieceSteps: 4 } as const;
  const sums = { count: 1.5, valence: 0.6, arousal: -0.6, valenceSd: 0.27, arousalSd: 0.27 };
  const hold = new MoodHold({ ...state, ...sums } as unknown as MoodState);
  expect(steps(hold, 4, CALM)).toEqual(Array(4).fill('calm'));
  expect(steps(hold, 3, TENSE).at(-1)).toBe('tense');
});

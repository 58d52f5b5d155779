import { describe, expect, it } from 'vitest';
import { type Cue, isLit, parseCues } from '../../dashboard/state/cue.ts';
import { jumpSize, jumpsBetween, jumpTrend } from '../../dashboard/state/jump.ts';
import { nextTrack } from '../../dashboard/state/next-track.ts';
import { setArc } from '../../dashboard/state/set-arc.ts';
import { slopeWords } from '../../dashboard/state/slope-words.ts';
import type { EmotionFrame } from '../../src/types.ts';
import { fakeFrame } from './fake-frame.ts';

const BASE = fakeFrame('booth', 10, 0);
/** A frame whose valence moves by `change` within 10 s. */
const moving = (valence: number, change: number): EmotionFrame => ({
  ...BASE,
  valence,
  arousal: 0,
  forecast: BASE.forecast.map((ahead) => ({
    ...ahead,
    valence: valence + (change * ahead.horizon) / 10,
    arousal: 0,
  })),
});

describe('the jump of a cut', () => {
  it('is the distance on the plane, now and at each horizon', () => {
    const jumps = jumpsBetween(moving(0, 0), moving(0.3, 0.1));
    expect(jumps.map(({ seconds }) => seconds)).toEqual([0, 0.5, 1, 2, 5, 10]);
    expect(jumps[0]!.jump).toBeCloseTo(0.3, 6);
    expect(jumps.at(-1)!.jump).toBeCloseTo(0.4, 6);
    expect([0.1, 0.2, 0.5].map(jumpSize)).toEqual(['close', 'step', 'jump']);
  });

  it.each([
    [0.1, 0.2, 'opening until 0:10'],
    [0.4, -0.2, 'closing, least in 10 s'],
    [0.2, -0.4, 'closing, least in 5 s'],
    [0.3, 0.01, 'about the same for 10 s'],
  ])('from %d, changing by %d: %s', (distance, change, words) => {
    expect(jumpTrend(jumpsBetween(moving(0, 0), moving(distance, change)))).toBe(words);
  });

  it('is unknown without music', () => {
    const silent = { ...BASE, valence: null, arousal: null, forecast: [] };
    expect(jumpsBetween(silent, moving(0, 0))).toEqual([]);
    expect(jumpTrend([])).toBeNull();
  });
});

it('describes slopes in words and as the change in ten seconds', () => {
  const words = [0.03, 0.012, -0.006, 0.001, null].map(slopeWords);
  expect(words.map(({ word, change }) => `${change} ${word}`)).toEqual([
    '+0.30 steep rise',
    '+0.12 clear rise',
    '−0.06 slight fall',
    '+0.01 level',
    '– too short',
  ]);
});

describe('cues', () => {
  const cue: Cue = { axis: 'arousal', side: 'above', value: 0.2 };
  it('light when they are passed, and not without music', () => {
    expect(isLit(cue, { ...BASE, arousal: 0.21 })).toBe(true);
    expect(isLit(cue, { ...BASE, arousal: 0.2 })).toBe(false);
    expect(isLit({ ...cue, side: 'below' }, { ...BASE, arousal: 0.1 })).toBe(true);
    expect(isLit(cue, { ...BASE, arousal: null })).toBe(false);
    expect(isLit(cue, null)).toBe(false);
  });

  it('are read from storage; what is none is left out', () => {
    const bad = [
      { axis: 'arousal', side: 'above', value: 7 },
      'x',
      null,
      { axis: 'fear', side: 'above', value: 0 },
    ];
    expect(parseCues({ booth: [cue, ...bad], radio: 3 })).toEqual({ booth: [cue], radio: [] });
    expect(parseCues(null)).toEqual({});
  });
});

it('rates each transition of a set from the end of one title to the start of the next', () => {
  const track = (startedAt: string, valence: number | null, more = {}) => ({
    ...{ title: `at ${startedAt}`, artist: null, startedAt, valence, arousal: 0, ...more },
  });
  const arc = setArc([
    track('2026-01-01T20:10:00Z', 0.4, { valenceStart: 0.2 }),
    track('2026-01-01T20:05:00Z', null),
    track('2026-01-01T20:00:00Z', 0, { valenceEnd: 0.1, arousalEnd: 0 }),
  ]);
  expect(arc.map(({ title }) => title)).toEqual(['at 2026-01-01T20:00:00Z', 'at 2026-01-01T20:10:00Z']);
  expect(arc[0]!.jump).toBeNull();
  expect(arc[1]!.jump).toBeCloseTo(0.1, 6);
});

it('names the next tracks by their tags, or by their files', () => {
  const tagged = {
    path: '/m/a.ogg',
    title: 'Blue',
    artist: 'A',
    bpm: 123.6,
    camelot: '11A',
    reasons: ['close'],
  };
  expect(nextTrack(tagged)).toMatchObject({ title: 'A – Blue', detail: '124 bpm, 11A', reasons: ['close'] });
  const bare = { ...tagged, title: null, artist: null, bpm: null, camelot: null };
  expect(nextTrack(bare)).toMatchObject({ title: 'a.ogg', detail: '' });
});

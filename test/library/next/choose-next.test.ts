import { describe, expect, test } from 'vitest';
import { parseKey } from '../../../src/library/music/musical-key.ts';
import { parseTarget } from '../../../src/library/next/arc.ts';
import { chooseNext, type NextOptions } from '../../../src/library/next/choose-next.ts';
import type { Playing } from '../../../src/library/next/fit.ts';
import { endingAt, type Point } from '../frames.ts';
import { libraryTrack } from '../library-tracks.ts';

const point = (valence: number, arousal: number): Point => ({ valence, arousal });
const here = point(0.1, 0.1);
const playing: Playing = {
  reading: endingAt(here),
  track: { bpm: 120, key: parseKey('8A')!, artist: 'Now', title: 'Playing', hash: 'now' },
};
const choose = (tracks: ReturnType<typeof libraryTrack>[], options: NextOptions = {}) =>
  chooseNext(playing, tracks, options);
const titles = (...given: Parameters<typeof choose>) => choose(...given).map(({ title }) => title);

test('the opening that is nearest to where the music is heading comes first', () => {
  const tracks = [
    libraryTrack('far', point(-0.6, 0.7)),
    libraryTrack('near', point(0.2, 0.1)),
    libraryTrack('at', here),
  ];
  expect(titles(tracks)).toEqual(['at', 'near', 'far']);
  const [at, , far] = choose(tracks);
  expect(at).toMatchObject({
    score: 1,
    opening: here,
    ending: here,
    bpm: 120,
    key: 'Am',
    camelot: '8A',
    seconds: 180,
  });
  expect(at!.reasons[0]).toBe('opens where the music is heading');
  expect(far!.reasons[0]).toBe('opens livelier and darker than the music is heading');
});

describe('a wished direction', () => {
  const tracks = [
    libraryTrack('stays', here),
    libraryTrack('rises', here, point(0.2, 0.6)),
    libraryTrack('falls', here, point(0.1, -0.4)),
    libraryTrack('jumps', point(0.2, 0.9)),
  ];

  test.each([
    ['same', 'stays'],
    ['up', 'rises'],
    ['calmer', 'falls'],
    ['0.2,0.7', 'rises'],
    ['0.1,-0.5@3m;0.5,0.5@60m', 'falls'],
  ])('%s: %s first', (target, first) => {
    expect(titles(tracks, { target })[0]).toBe(first);
  });

  test('is named in the reasons', () => {
    const [first] = choose(tracks, { target: 'calmer' });
    expect(first!.reasons[1]).toBe('ends at valence +0.10, arousal −0.40, near the wish');
  });
});

test('tempo and key count, also at double time; limits leave others out', () => {
  const tracks = [
    libraryTrack('clash', here, here, { bpm: 140, key: parseKey('3B')! }),
    libraryTrack('double', here, here, { bpm: 238, key: parseKey('9A')! }),
    libraryTrack('unknown', here, here, { bpm: null, key: null }),
    libraryTrack('same', here, here),
  ];
  expect(titles(tracks)).toEqual(['same', 'double', 'unknown', 'clash']);
  expect(titles(tracks, { tempo: 0.06 })).toEqual(['same', 'double', 'unknown']);
  expect(titles(tracks, { keys: true })).toEqual(['same', 'double', 'unknown']);
  const [, double, , clash] = choose(tracks);
  expect(double!.reasons.slice(1)).toEqual([
    '238 BPM, 1 % slower, at double time',
    'neighboring key (8A to 9A)',
  ]);
  expect(clash!.reasons.slice(1)).toEqual(['140 BPM, 17 % faster', 'key 3B is 6 steps from 8A']);
});

test('leaves out what plays, what was played, and copies', () => {
  const now = libraryTrack('now', here);
  const other = libraryTrack('other', here);
  const tracks = [
    now,
    libraryTrack('other', here, here, { path: '/music/copy.ogg' }),
    other,
    libraryTrack('cover', here, here, { title: 'Playing', artist: 'NOW' }),
    libraryTrack('played', here),
    libraryTrack('new', here),
  ];
  expect(titles(tracks, { exclude: ['/music/played.ogg'] })).toEqual(['other', 'new']);
  expect(titles(tracks, { exclude: ['/music/played.ogg', other.id] })).toEqual(['new']);
});

test('the rule of the paper lists fitting tracks first', () => {
  const tracks = [
    libraryTrack('late', here, point(0.1, 0.6), { bpm: 180 }),
    libraryTrack('near', point(0.17, 0.1)),
  ];
  expect(titles(tracks)).toEqual(['near', 'late']);
  expect(titles(tracks, { tolerance: 0.05 })).toEqual(['late', 'near']);
  expect(choose(tracks, { tolerance: 0.05 })[0]!.reasons).toContain(
    'first emotion within ±0.05 of the forecast',
  );
});

test.each(['', 'sideways', '2,0', '0.1', '0,0@5x', '0,0@20m;0,0@10m', 'constructor'])(
  'refuses the target "%s"',
  (target) => {
    expect(() => parseTarget(target, here)).toThrow(/is not a target: expected same, up/);
  },
);

test('a path is linear between its points', () => {
  const arc = parseTarget('0.3,0.5@10m;-0.1,0.5@20m', here);
  expect(arc(300).valence).toBeCloseTo(0.2);
  expect(arc(300).arousal).toBeCloseTo(0.3);
  expect(arc(900).valence).toBeCloseTo(0.1);
  expect(arc(9000).valence).toBeCloseTo(-0.1);
});

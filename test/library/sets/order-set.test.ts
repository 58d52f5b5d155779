import { describe, expect, test } from 'vitest';
import { m3uOf, pathsInM3u } from '../../../src/library/exchange/m3u.ts';
import { parseKey } from '../../../src/library/music/musical-key.ts';
import { arcThrough } from '../../../src/library/next/arc.ts';
import { orderSet, transitionCost } from '../../../src/library/sets/order-set.ts';
import { parsePlan } from '../../../src/library/sets/plan.ts';
import { setPicture } from '../../../src/library/sets/set-picture.ts';
import { libraryTrack } from '../library-tracks.ts';

const point = (valence: number, arousal: number) => ({ valence, arousal });
const up = arcThrough([
  { ...point(-0.4, -0.4), seconds: 0 },
  { ...point(0.4, 0.4), seconds: 900 },
]);

/** Tracks of 3 min along the line of `up` and far from it. */
const ladder = Array.from({ length: 12 }, (_, i) => {
  const at = -0.55 + 0.1 * i;
  return libraryTrack(`step ${i}`, point(at, at));
});
const far = Array.from({ length: 30 }, (_, i) => libraryTrack(`far ${i}`, point(0.9, -0.9)));

describe('orderSet', () => {
  test('follows the arc: the middle of each track is where it should be', async () => {
    const set = await orderSet([...far, ...ladder], { arc: up, lengthSeconds: 900 });
    const values = set.map(({ track }) => track.valence);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(set.map(({ start }) => start)).toEqual([0, 180, 360, 540, 720]);
    for (const { track, start } of set)
      expect(Math.abs(track.valence - up(start + 90).valence)).toBeLessThan(0.1);
  });

  test('never repeats a track, even where one fits everywhere', async () => {
    const flat = arcThrough([{ ...point(0, 0), seconds: 0 }]);
    const tracks = [0, 0.1, 0.2, 0.3, 0.4].map((valence, i) => libraryTrack(`t${i}`, point(valence, 0)));
    const set = await orderSet([...tracks, { ...tracks[0]!, id: 99, path: '/music/copy.ogg' }], {
      arc: flat,
      lengthSeconds: 900,
    });
    expect(new Set(set.map(({ track }) => track.title)).size).toBe(5);
  });

  test('is better than choosing each next track by itself', async () => {
    // Tempo and key alternate: the greedy choice at each place clashes with the one before.
    const tracks = ladder.map((track, i) => ({
      ...track,
      bpm: i % 2 ? 120 : 150,
      key: parseKey(i % 2 ? '8A' : '2A')!,
    }));
    const set = await orderSet(tracks, { arc: up, lengthSeconds: 900 });
    const total = set.reduce((sum, one) => sum + one.deviation + one.transition, 0);
    const alone = await orderSet(tracks, { arc: up, lengthSeconds: 900, transitions: false });
    const greedy = alone.reduce(
      (sum, { track, deviation }, i) =>
        sum + deviation + (i === 0 ? 0 : transitionCost(alone[i - 1]!.track, track)),
      0,
    );
    expect(total).toBeLessThan(greedy);
    expect(new Set(set.map(({ track }) => track.bpm)).size).toBe(1);
  });

  test('keeps to the length although tracks are of different lengths', async () => {
    const tracks = ladder.map((track, i) => ({ ...track, seconds: i % 2 ? 120 : 300 }));
    const set = await orderSet(tracks, { arc: up, lengthSeconds: 900 });
    const seconds = set.reduce((sum, { track }) => sum + track.seconds, 0);
    expect(Math.abs(seconds - 900)).toBeLessThanOrEqual(0.6 * 300);
  });

  test('needs enough tracks', async () => {
    await expect(orderSet(ladder, { arc: up, lengthSeconds: 7200 })).rejects.toThrow(
      'A set of 120 min needs about 40 tracks and the library has 12: add more, or choose a shorter --length.',
    );
  });

  test('names the copies and short tracks that it leaves out when there are too few', async () => {
    const set = (tracks: typeof ladder) => orderSet(tracks, { arc: up, lengthSeconds: 7200 });
    const jingles = ['a', 'b'].map((name) => libraryTrack(name, point(0, 0), point(0, 0), { seconds: 44 }));
    const copy = { ...ladder[0]!, id: 99, path: '/music/copy.ogg' };
    await expect(set([...ladder, ...jingles, copy])).rejects.toThrow(
      'the library has 12 besides 1 copy and 2 tracks shorter than 45 s, which are left out: add more',
    );
    await expect(set(jingles)).rejects.toThrow(
      'A set of 120 min needs tracks and the library has 0 besides 2 tracks shorter than 45 s, which are left out:',
    );
  });
});

describe('a plan', () => {
  test('has times as shares or durations', () => {
    const points = [
      { at: 0, valence: 0, arousal: 0 },
      { at: 0.5, valence: 0.2, arousal: 0.4 },
      { at: '40m', valence: 0, arousal: -0.4 },
    ];
    const arc = parsePlan(JSON.stringify({ points }), 'plan.json', 3600);
    expect(arc(1800)).toEqual({ valence: 0.2, arousal: 0.4 });
    expect(arc(3600)).toEqual({ valence: 0, arousal: -0.4 });
  });

  test.each([
    ['nonsense', 'plan.json is not JSON: expected {"points": [{"at": 0, "valence": 0, "arousal": 0.5}, …]}.'],
    ['{"points": []}', 'plan.json is not a plan: points: expected at least one point.'],
    [
      '{"points": [{"at": "x", "valence": 0, "arousal": 0}]}',
      'plan.json is not a plan: "x" is not a duration such as "20m".',
    ],
    [
      '{"points": [{"at": 0, "valence": 7, "arousal": 0}]}',
      'plan.json is not a plan: points.0.valence: expected a number from -1 to 1.',
    ],
  ])('%s is refused', (text, message) => {
    expect(() => parsePlan(text, 'plan.json', 3600)).toThrow(message);
  });
});

test('the picture has the arc, the tracks and their names', async () => {
  const set = await orderSet([libraryTrack('A & B', point(0, 0)), ...ladder], {
    arc: up,
    lengthSeconds: 900,
  });
  const svg = setPicture(set, up, 'Up <slowly>');
  expect(svg).toMatch(/^<svg /);
  expect(svg).toContain('Up &lt;slowly&gt;');
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(2);
  expect(svg.match(/<polyline/g)).toHaveLength(2 + 2 * set.length);
});

test('a playlist lists the files, and reading it gives them back', () => {
  const tracks = [
    libraryTrack('one', point(0, 0), point(0, 0), { artist: 'Anna' }),
    libraryTrack('two', point(0, 0)),
  ];
  const text = m3uOf(tracks, '/music/lists');
  expect(text).toBe('#EXTM3U\n#EXTINF:180,Anna – one\n../one.ogg\n#EXTINF:180,two\n../two.ogg\n');
  expect(pathsInM3u(`${text}http://radio.example/live\r\n`, '/music/lists/set.m3u8')).toEqual([
    '/music/one.ogg',
    '/music/two.ogg',
  ]);
});

test('a playlist lists a file whose name begins like a comment', () => {
  const text = m3uOf([libraryTrack('#1', point(0, 0))], '/music');
  expect(text).toContain('\n./#1.ogg\n');
  expect(pathsInM3u(text, '/music/set.m3u8')).toEqual(['/music/#1.ogg']);
});

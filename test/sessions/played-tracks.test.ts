import { describe, expect, test } from 'vitest';
import { createReports } from '../../src/sessions/report/report.ts';
import { sessionTracks } from '../../src/sessions/report/session-tracks.ts';
import { frameOf } from '../server/support.ts';
import { clockScene, range } from './clock-scene.ts';

type Scene = ReturnType<typeof clockScene>;

const CHANGES = {
  'not set': () => {},
  'set back by an hour': (s: Scene) => s.set(-3_600),
  'set forward by an hour': (s: Scene) => s.set(3_600),
};

/** The tracks of a session's report: place, title, length, valence. */
async function tracksOf({ log, sessions }: Scene, id: string) {
  const { body } = await createReports({ sessions, log })(id, { format: 'text', zone: 'UTC' });
  return [...String(body).matchAll(/^(\S+) \S+ "(.*)": (.*?), valence (\S+),/gm)].map(
    ([, at, title, length, valence]) => [at, title, length, Number(valence!.replace('−', '-'))],
  );
}

/** Three tracks: one before the session, one within it, one that goes on. */
async function session(before = CHANGES['not set'] as (s: Scene) => void, during = before) {
  const s = clockScene();
  s.track('One');
  s.play(20);
  before(s);
  s.play(20);
  const { id } = await s.sessions.start({ stream: 'a' });
  s.play(10);
  s.track('Two');
  s.play(5);
  during(s);
  s.play(15);
  s.track('Three');
  s.play(30);
  await s.sessions.stop(id);
  s.play(30);
  return { s, id };
}

/** Of a part of a track: the mean of its frames, the first of which may be cut. */
function meanOf(from: number, end: number): number {
  const levels = range(from, end).flatMap((seq) => frameOf('a', seq).valence ?? []);
  return expect.closeTo(levels.reduce((sum, level) => sum + level, 0) / levels.length, 1);
}

const EXPECTED = [
  ['0:00', 'One', '10 s', meanOf(80, 100)],
  ['0:10', 'Two', '20 s', 0.9],
  ['0:30', 'Three', '30 s', meanOf(140, 200)],
];

describe('the tracks of a session are what was played within it', () => {
  describe.each(Object.entries(CHANGES))('if the clock was %s before', (_, before) => {
    test.each(Object.entries(CHANGES))('and %s during the session', async (_, during) => {
      const { s, id } = await session(before, during);
      expect(await tracksOf(s, id)).toEqual(EXPECTED);
      const tracks = sessionTracks(s, id).map(({ title, at, seconds }) => [title, at, seconds]);
      expect(tracks).toEqual([
        ['One', 0, 10],
        ['Two', 10, 20],
        ['Three', 30, 30],
      ]);
      s.track('Four');
      s.play(10);
      expect(await tracksOf(s, id)).toEqual(EXPECTED);
    });
  });

  test('also while it runs: the newest is playing', async () => {
    const s = clockScene();
    s.track('One');
    s.play(20);
    const { id } = await s.sessions.start({ stream: 'a' });
    s.play(10);
    expect(await tracksOf(s, id)).toEqual([['0:00', 'One', 'still playing', meanOf(40, 60)]]);
  });

  test('without one that ended as the session began, or began as it stopped', async () => {
    const s = clockScene();
    s.track('Before');
    s.play(20);
    const { id } = await s.sessions.start({ stream: 'a' });
    s.advance(300);
    s.track('Within');
    s.play(20);
    s.track('After');
    s.advance(300);
    await s.sessions.stop(id);
    expect((await tracksOf(s, id)).map(([, title]) => title)).toEqual(['Within']);
  });

  test.each([
    ['https://radio.example/stream', 'as the station named them'],
    ['file:evening.m3u', 'by the tags of the recording'],
    ['stdin:', 'as the source named them'],
  ])('of %s are %s', async (source, origin) => {
    const s = clockScene(undefined, undefined, source);
    const { id } = await s.sessions.start({ stream: 'a' });
    s.track('One');
    s.play(5);
    const { body } = await createReports(s)(id, { format: 'text' });
    expect(body).toContain(`Tracks, ${origin}:`);
  });
});

import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/log/database.ts';
import { repairRollups } from '../../src/log/doctor/check-rollups.ts';
import { examine } from '../../src/log/doctor/examine.ts';
import { correctClock } from '../../src/sessions/correct-clock.ts';
import { Sessions } from '../../src/sessions/sessions.ts';
import { bucketsOf, framesOf, openLog, querySql } from '../log/open-log.ts';
import { type ClockScene, clockScene, framesIn, range, START, sumOf } from './clock-scene.ts';

const DAY = 86_400;

/** Closes the log, corrects change `id`, and opens the log again. */
function corrected(s: ClockScene, id: number) {
  s.log.flush();
  s.log.close();
  const database = openDatabase(s.log.dataDir);
  const result = correctClock(database, id);
  expect(repairRollups(database)).toBe(0);
  database.close();
  const findings = examine({ file: `${s.log.dataDir}/undertone.db`, full: true });
  expect(findings.filter(({ status }) => status === 'fault')).toEqual([]);
  const log = openLog({ dataDir: s.log.dataDir });
  const now = () => s.clock.wallMs;
  return { ...s, result, log, sessions: new Sessions({ log, hasStream: () => true, maxMarkers: 10, now }) };
}

describe.each(['rows', 'blocks'])('a clock that was set after the start, with frames in %s', (form) => {
  /** 100 s on the wrong clock, with a session from 20 s on and a marker, then 50 s on the right one. */
  async function wrongAtStart() {
    const s = clockScene();
    s.play(20);
    const { id } = await s.sessions.start({ stream: 'a' });
    s.play(70);
    await s.sessions.addMarker(id, {});
    s.play(10);
    s.set(90 * DAY);
    s.play(20);
    const session = await s.sessions.stop(id);
    s.play(30);
    if (form === 'blocks') {
      s.restart();
      await s.log.settle();
    }
    return { s, id, session };
  }

  test('is corrected, with frames, rollups, sessions and markers', async () => {
    const { s, id, session } = await wrongAtStart();
    const before = await framesIn(s, id);
    const { result, log, sessions, ...rest } = corrected(s, 1);
    expect(result).toEqual({ seconds: 90 * DAY, streams: ['a'], frames: 200, moments: 2 });
    const frames = await framesOf(log, 'a');
    expect(frames.map(({ seq }) => seq)).toEqual(range(0, 300));
    for (const [i, { time }] of frames.entries())
      expect(Date.parse(time)).toBe(START + 90 * DAY * 1000 + 400 + 500 * i);
    const now = sessions.get(id);
    expect(now).toMatchObject({
      seconds: session.seconds,
      startedAt: new Date(START + (20 + 90 * DAY) * 1000).toISOString(),
      stoppedAt: session.stoppedAt,
      clockChanges: [],
    });
    expect(sessions.markers(id)[0]!.at).toBeCloseTo(70, 6);
    const after = await framesIn({ ...rest, log, sessions }, id);
    expect(after.map(({ seq }) => seq)).toEqual(before.map(({ seq }) => seq));
    for (const bucketMs of [1_000, 60_000, DAY * 1000]) {
      const buckets = await bucketsOf(log, 'a', bucketMs);
      expect(sumOf(buckets)).toBe(300);
      expect(Date.parse(buckets[0]!.time)).toBeGreaterThan(START + 80 * DAY * 1000);
    }
    expect(querySql(log, 'SELECT count(*) AS n FROM clock_changes')[0]!.n).toBe(0);
    expect(querySql(log, 'SELECT started_ms AS ms FROM runs')[0]!.ms).toBe(START + 90 * DAY * 1000);
  });

  test('a change that is not there is refused', async () => {
    const { s } = await wrongAtStart();
    s.log.close();
    const database = openDatabase(s.log.dataDir);
    expect(() => correctClock(database, 7)).toThrow(expect.objectContaining({ code: 'unknown-change' }));
    database.close();
  });
});

test('a clock that was set wrong for a while, and back', async () => {
  const s = clockScene();
  s.play(30);
  s.set(-3_600);
  s.play(30);
  s.set(3_600);
  s.play(30);
  const { log } = corrected(s, 2);
  for (const [i, { time }] of (await framesOf(log, 'a')).entries())
    expect(Date.parse(time)).toBe(START + 400 + 500 * i);
  expect(sumOf(await bucketsOf(log, 'a', 60_000))).toBe(180);
  expect(querySql(log, 'SELECT count(*) AS n FROM clock_changes')[0]!.n).toBe(0);
});

test('what an earlier process recorded stays as it is', async () => {
  const first = clockScene();
  first.play(10);
  first.restart();
  first.log.flush();
  first.log.close();
  const second = clockScene(first.log.dataDir, START - 5_000);
  second.play(10);
  second.set(DAY);
  second.play(10);
  const { log } = corrected(second, 1);
  const times = (await framesOf(log, 'a')).map(({ time }) => Date.parse(time));
  expect(times.slice(0, 20)).toEqual(range(0, 20).map((i) => START + 400 + 500 * i));
  expect(times.slice(20)).toEqual(range(0, 40).map((i) => START - 5_000 + DAY * 1000 + 400 + 500 * i));
});

test('the tracks of a station are corrected with their frames', () => {
  const s = clockScene();
  s.play(20);
  const run = s.log.lastRun;
  const wrongMs = s.clock.wallMs;
  const place = { stream: 'a', t: 20, time: new Date(wrongMs).toISOString(), message: '' };
  s.log.write(run, 40, { type: 'track', ...place, title: 'One', artist: null });
  s.play(20);
  s.set(90 * DAY);
  s.play(20);
  const { log } = corrected(s, 1);
  const [track] = log.history.tracks({ stream: 'a', range: { fromMs: 0, toMs: 8e15 }, limit: 9 });
  expect(track!.startedAt).toBe(new Date(wrongMs + 90 * DAY * 1000).toISOString());
});

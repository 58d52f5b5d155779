import { describe, expect, test } from 'vitest';
import { createReports } from '../../src/sessions/report/report.ts';
import { Sessions } from '../../src/sessions/sessions.ts';
import { bucketsOf, framesOf, openLog } from '../log/open-log.ts';
import { type ClockScene, clockScene, framesIn, range, START, sumOf } from './clock-scene.ts';

const MINUTE_S = 60;

const CHANGES = {
  'back by 20 s': (s: ClockScene) => s.set(-20),
  'back by an hour': (s: ClockScene) => s.set(-3_600),
  'forward by 90 days': (s: ClockScene) => s.set(90 * 86_400),
  'to a stop': (s: ClockScene) => {
    s.clock.still = true;
  },
  'not at all': () => {},
};

describe.each(Object.entries(CHANGES))('a clock that is set %s during a session', (name, change) => {
  async function session() {
    const s = clockScene();
    s.play(5);
    const { id } = await s.sessions.start({ stream: 'a' });
    s.play(10);
    change(s);
    s.play(5);
    const marker = await s.sessions.addMarker(id, { note: 'now' });
    s.play(5);
    const stopped = await s.sessions.stop(id);
    s.play(5);
    return { ...s, s, id, marker, stopped };
  }

  test('leaves its length, its frames, its markers and its place in the stream as they are', async () => {
    const { s, id, marker, stopped, sessions } = await session();
    // Between two checks, a clock that stands still loses up to 0.25 s unnoticed.
    const digits = name === 'to a stop' ? 0 : 6;
    expect(stopped.seconds).toBeCloseTo(20, digits);
    expect(stopped).toMatchObject({
      start: { run: 1, t: 5.1 },
      stop: { run: 1, t: expect.closeTo(25.1, digits) },
    });
    expect(marker).toMatchObject({ at: expect.closeTo(15, digits), run: 1, t: expect.closeTo(20.1, digits) });
    expect(sessions.markers(id)).toEqual([marker]);
    const frames = await framesIn(s, id);
    expect(frames.map(({ seq }) => seq)).toEqual(Array.from({ length: 40 }, (_, i) => 10 + i));
    const times = frames.map(({ time }) => (Date.parse(time) - Date.parse(stopped.startedAt)) / 1000);
    for (const [i, at] of times.entries()) expect(Math.abs(at - (0.4 + 0.5 * i))).toBeLessThan(0.55);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const buckets = await framesIn(s, id, { resolution: '1s' });
    expect(sumOf(buckets as unknown as { frames: number }[])).toBe(40);
    if (name === 'not at all') expect(stopped.clockChanges).toEqual([]);
    else expect(stopped.clockChanges[0]!.at).toBeCloseTo(10.4, 1);
  });

  test('leaves its report as it is, with a sentence', async () => {
    const { id, sessions, log } = await session();
    const report = createReports({ sessions, log });
    const text = String((await report(id, { format: 'text', zone: 'UTC' })).body);
    expect(text).toMatch(/20 November 2026, 20:00:05 to 20:00:2[45] \(UTC\), 20 s/);
    expect(text).toMatch(/0:1[45] 20:00:(19|20) Marker 1 \(now\): 5 s;/);
    expect(text).not.toContain('Longest gap');
    expect(text.includes('clock was set during this session')).toBe(name !== 'not at all');
    expect(text).toMatch(/Received: music 17 s .* silence 3 s\./);
    const page = String((await report(id, { format: 'html', zone: 'UTC' })).body);
    expect(page.includes('clock was set during this session')).toBe(name !== 'not at all');
  });

  test('lets a marker be set at an explicit time, before and after the change', async () => {
    const { s, id, sessions, clock } = await session();
    const second = await sessions.start({ stream: 'a' });
    s.play(2);
    const now = clock.wallMs;
    s.advance(0);
    expect((await sessions.addMarker(second.id, { time: now })).at).toBeCloseTo(2, 6);
    const early = await sessions.changeMarker(id, '1', { time: START + 8_000 });
    expect(early).toMatchObject({ at: 3, run: 1, t: 8.1 });
    await expect(sessions.addMarker(id, { time: START - 60_000_000 })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });

  test('erases the frames of the session, and no others', async () => {
    const { s, id, sessions, log } = await session();
    await log.settle();
    const before = await framesOf(log, 'a');
    expect(before).toHaveLength(60);
    await sessions.erase(id, true);
    const after = await framesOf(log, 'a');
    expect(after.map(({ seq }) => seq)).toEqual([...range(0, 10), ...range(50, 60)]);
    expect(sumOf(await bucketsOf(log, 'a', 60_000))).toBe(20);
    expect(s.sessions.list({ limit: 50 }).sessions).toEqual([]);
  });
});

test('a session goes on over several runs and changes', async () => {
  const s = clockScene();
  s.play(2);
  const { id } = await s.sessions.start({ stream: 'a' });
  s.play(5);
  s.set(-30);
  s.play(5);
  s.restart();
  s.play(5);
  s.set(-3);
  s.advance(10_000); // Silence of the source: the change is noticed with the next frame.
  s.play(5);
  s.set(86_400);
  s.play(5);
  const stopped = await s.sessions.stop(id);
  expect(stopped.seconds).toBeCloseTo(35, 6);
  expect(stopped.clockChanges.map(({ seconds }) => seconds)).toEqual([-30, -3, 86_400]);
  const frames = await framesIn(s, id);
  expect(frames.map(({ seq }) => seq)).toEqual([...range(4, 24), ...range(0, 30)]);
  const times = frames.map(({ time }) => Date.parse(time));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('what changes of the clock the log has survives a restart', async () => {
  const s = clockScene();
  s.play(2);
  const { id } = await s.sessions.start({ stream: 'a' });
  s.play(3);
  s.set(-3_600);
  s.play(MINUTE_S);
  await s.sessions.stop(id);
  const session = s.sessions.get(id);
  s.log.close();
  const log = openLog({ dataDir: s.log.dataDir });
  const sessions = new Sessions({ log, hasStream: () => true, maxMarkers: 10, now: () => s.clock.wallMs });
  expect(sessions.get(id)).toEqual(session);
  expect(await framesIn({ ...s, log, sessions }, id)).toHaveLength(2 * (3 + MINUTE_S));
});

test('after a change back, queries by clock time have each frame once, in buckets that rise', async () => {
  const s = clockScene();
  s.play(MINUTE_S);
  s.set(-40);
  s.play(MINUTE_S);
  s.log.flush();
  for (const packed of [false, true]) {
    if (packed) {
      s.restart();
      await s.log.settle();
    }
    expect((await framesOf(s.log, 'a')).map(({ seq }) => seq)).toEqual(range(0, 240));
    for (const bucketMs of [1_000, 10_000, 60_000, 3_600_000]) {
      const buckets = await bucketsOf(s.log, 'a', bucketMs);
      const times = buckets.map(({ time }) => Date.parse(time));
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      expect(sumOf(buckets)).toBe(240);
    }
  }
});

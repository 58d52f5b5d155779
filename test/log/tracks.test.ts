import { describe, expect, test } from 'vitest';
import { exportTracks } from '../../src/log/export/tracks.ts';
import type { Log } from '../../src/log/log.ts';
import type { StreamEvent, TrackStatistics } from '../../src/types.ts';
import { endRun, openLog, querySql, writeFrames, writeRun } from './open-log.ts';
import { syntheticFrames } from './synthetic-frames.ts';

const START_MS = Date.parse('2026-01-01T00:00:00Z');
const ALL = { fromMs: 0, toMs: 8e15 };
const frames = syntheticFrames('radio', 1_200);

const place = (seq: number) => ({
  stream: 'radio',
  t: 0.5 * seq,
  time: new Date(START_MS + 500 * seq).toISOString(),
  message: '',
});
const begins = (seq: number, title: string): StreamEvent => ({
  type: 'track',
  ...place(seq),
  title,
  artist: 'Ärzte, "Die"',
});
const statistics = (seq: number): TrackStatistics => ({
  t: 0.5 * seq,
  startedAt: place(seq).time,
  valence: 0.25,
  arousal: -0.5,
  valenceStart: 0.1,
  valenceEnd: 0.2,
  arousalStart: 0.3,
  arousalEnd: 0.4,
  peakArousal: 0.6,
  loudness: -14.5,
  speech: 0.05,
  moods: { happy: 0.5, sad: 0.25 },
});
const ends = (from: number, to: number, title: string): StreamEvent => ({
  type: 'track-ended',
  ...place(to),
  title,
  artist: 'Ärzte, "Die"',
  seconds: 0.5 * (to - from),
  summary: statistics(from),
});

/** A run with a track of 200 s each, the last of which is playing. */
function playing(log: Log): number {
  const run = writeRun(log, frames.slice(0, 1));
  const events = [
    [0, begins(0, 'One')],
    [400, ends(0, 400, 'One')],
    [400, begins(400, 'Two')],
    [800, ends(400, 800, 'Two')],
    [800, begins(800, 'Three')],
  ] as const;
  let written = 1;
  for (const [seq, event] of events) {
    writeFrames(log, run, frames.slice(written, seq));
    written = Math.max(written, seq);
    log.write(run, seq, event);
  }
  writeFrames(log, run, frames.slice(written));
  return run;
}

const titles = (log: Log) =>
  log.history.tracks({ stream: 'radio', range: ALL, limit: 100 }).map(({ title }) => title);

describe('tracks in the log', () => {
  test('are read newest first, and the one that plays has no end', () => {
    const log = openLog();
    const run = playing(log);
    const tracks = log.history.tracks({ stream: 'radio', range: ALL, limit: 2 });
    expect(tracks).toEqual([
      {
        ...{
          stream: 'radio',
          run,
          title: 'Three',
          artist: 'Ärzte, "Die"',
          t: 400,
          seconds: 0,
          endedAt: null,
        },
        ...{ startedAt: place(800).time, valence: null, arousal: null, valenceStart: null, valenceEnd: null },
        ...{ arousalStart: null, arousalEnd: null, peakArousal: null, loudness: null, speech: 0, moods: {} },
      },
      {
        ...{ stream: 'radio', run, title: 'Two', artist: 'Ärzte, "Die"', seconds: 200 },
        ...{ ...statistics(400), endedAt: place(800).time },
      },
    ]);
    const within = (fromS: number, toS: number, limit = 9) =>
      log.history
        .tracks({
          stream: 'radio',
          range: { fromMs: START_MS + fromS * 1000, toMs: START_MS + toS * 1000 },
          limit,
        })
        .map(({ title }) => title);
    // The first may have begun before the range, and the last may end after it.
    expect(within(0.001, 400)).toEqual(['Two', 'One']);
    expect(within(0.001, 400, 1)).toEqual(['Two']);
    expect(within(200, 400)).toEqual(['Two']);
    expect(within(250, 300)).toEqual(['Two']);
    expect(within(5_000, 5_001)).toEqual(['Three']);
    expect(within(-10, 0)).toEqual([]);
    expect(log.history.tracks({ stream: 'other', range: ALL, limit: 9 })).toEqual([]);
  });

  test('are exported without formulas, and the one that plays with its seconds until now', () => {
    const log = openLog();
    const run = writeRun(log, frames.slice(0, 1));
    const artist = '-@ sum';
    for (const title of ['=HYPERLINK(1)', '+1', '@a', '\tb', 'A = 1']) {
      log.write(run, 1, { ...begins(1, title), artist } as StreamEvent);
      log.write(run, 1, { ...ends(1, 1, title), artist } as StreamEvent);
    }
    log.write(run, 1, begins(1, 'now'));
    writeFrames(log, run, frames.slice(1, 11));
    log.flush();
    let rows = 0;
    const request = { stream: 'radio', range: ALL, onRows: (more: number) => (rows += more) };
    const [, ...lines] = [...exportTracks(log.history, request, 'csv')];
    expect(rows).toBe(lines.length);
    const cells = lines.map((line) => line.split(','));
    expect(cells.slice(0, 5).map(([, , title]) => title)).toEqual([
      "'=HYPERLINK(1)",
      "'+1",
      "'@a",
      "'\tb",
      'A = 1',
    ]);
    expect(cells[0]![3]).toBe("'-@ sum");
    expect(lines[0]).toContain(',-0.5,'); // Numbers stay numbers.
    const [, now] = [...exportTracks(log.history, { stream: 'radio', range: ALL }, 'ndjson')].slice(-2);
    expect(JSON.parse(now!)).toMatchObject({ title: 'now', seconds: 5 });
  });

  test('and segments are replayed as they were emitted', () => {
    const log = openLog();
    const run = playing(log);
    const segment: StreamEvent = { type: 'segment', ...place(1_200), confidence: 0.75 };
    log.write(run, 1_200, segment);
    log.flush();
    const { messages } = log.history.after('radio', run, 398, 10_000);
    const events = messages.filter(({ type }) => type !== 'emotion');
    expect(events).toEqual([
      ends(0, 400, 'One'),
      begins(400, 'Two'),
      ends(400, 800, 'Two'),
      begins(800, 'Three'),
      segment,
    ]);
  });

  test('that a killed server was playing end with its frames', () => {
    const before = openLog();
    playing(before);
    before.close();
    const log = openLog({ dataDir: before.dataDir });
    expect(log.history.tracks({ stream: 'radio', range: ALL, limit: 1 })).toMatchObject([
      { title: 'Three', endedAt: frames.at(-1)!.time, seconds: expect.closeTo(200, 0), valence: null },
    ]);
  });

  test('are one row if they go on after a restart', () => {
    const before = openLog();
    const run = playing(before);
    before.close();
    const log = openLog({ dataDir: before.dataDir });
    const next = log.startRun('radio', 'demo:', 'm', START_MS + 700_000);
    log.write(next, 0, ends(800, 1_500, 'Three'));
    log.flush();
    expect(log.history.tracks({ stream: 'radio', range: ALL, limit: 1 })).toMatchObject([
      { title: 'Three', run, seconds: 350, valence: 0.25 },
    ]);
  });

  test('are erased with any of their frames, and so are their summaries', async () => {
    const log = openLog();
    const run = playing(log);
    await log.erase('radio', { fromMs: START_MS + 300_000, toMs: START_MS + 301_000 });
    expect(titles(log)).toEqual(['Three', 'One']);
    const { messages } = log.history.after('radio', run, -1, 10_000);
    expect(messages.filter(({ type }) => type === 'track-ended')).toMatchObject([{ title: 'One' }]);
  });

  test('erased while they play get no summary', async () => {
    const log = openLog();
    const run = playing(log);
    await log.erase('radio', { fromMs: START_MS + 450_000, toMs: START_MS + 460_000 });
    log.write(run, 1_200, ends(800, 1_200, 'Three'));
    endRun(log, run, frames.at(-1)!);
    expect(titles(log)).toEqual(['Two', 'One']);
    const { messages } = log.history.after('radio', run, -1, 10_000);
    expect(messages.filter(({ type }) => type === 'track-ended')).toHaveLength(2);
    expect(querySql(log, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });

  test('are kept as long as rollups, except those in kept ranges', async () => {
    const log = openLog();
    endRun(log, playing(log), frames.at(-1)!);
    log.setRetention('radio', 1);
    await log.settle();
    expect(titles(log)).toEqual(['Three', 'Two', 'One']);
    log.setKeptRanges(() => [{ fromMs: START_MS + 100_000, toMs: START_MS + 100_500 }]);
    log.setRetention('radio', 1, 1);
    await log.settle();
    expect(titles(log)).toEqual(['Three', 'One']);
    log.close();
    const again = openLog({ dataDir: log.dataDir });
    again.setRetention('radio', 1, 1);
    await again.settle();
    expect(titles(again)).toEqual([]);
  });
});

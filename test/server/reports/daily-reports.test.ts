import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createDailyReports } from '../../../src/server/reports/daily-reports.ts';
import { dailyReport } from '../../../src/server/reports/schema.ts';
import { strongestTurns } from '../../../src/strongest-turns.ts';
import type { EmotionBucket } from '../../../src/types.ts';
import { openLog, writeRun } from '../../log/open-log.ts';
import { frameOf, tempFolder, until } from '../support.ts';

/** Local times, whatever the zone of the computer is. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();

/** A log with ten minutes of 20 November, and reports that are made by a clock which the test sets. */
function setUp({ frames = 1_200 } = {}) {
  const log = openLog();
  if (frames > 0)
    writeRun(
      log,
      Array.from({ length: frames }, (_, seq) => frameOf('radio', seq, at(20, 12) + 500 * seq)),
    );
  const time = { nowMs: at(21, 5, 59) };
  const lines: Record<string, unknown>[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const sent: { id: string; body: string }[] = [];
  const hook = {
    settings: { name: 'office' },
    send: (delivery: { id: string; body: string }) => sent.push(delivery),
  };
  const reports = createDailyReports({
    log,
    logger,
    webhooks: { all: [hook as never] },
    now: () => time.nowMs,
    retryMs: 1,
  });
  onTestFinished(() => reports.close());
  const folder = join(tempFolder(), 'reports');
  return { reports, time, lines, sent, folder, entry: { stream: 'radio', at: '06:00', folder } };
}

describe('daily reports', () => {
  test('the report of yesterday is made once a day, at its time', async () => {
    const { reports, time, folder, entry } = setUp();
    mkdirSync(folder);
    writeFileSync(join(folder, 'radio-2026-11-20.html'), 'made before');
    reports.set([entry]);
    await reports.idle();
    rmSync(join(folder, 'radio-2026-11-20.html'));
    reports.check();
    await reports.idle();
    expect(readdirSync(folder)).toEqual([]); // It is 05:59.
    time.nowMs = at(21, 6, 0);
    reports.check();
    await reports.idle();
    const page = readFileSync(join(folder, 'radio-2026-11-20.html'), 'utf8');
    expect(page).toContain('<title>radio, 20 November 2026</title>');
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page).toContain('10 min');
    expect(page).not.toContain('<script');
    writeFileSync(join(folder, 'radio-2026-11-20.html'), 'mine');
    time.nowMs = at(21, 18);
    reports.check();
    reports.set([entry]);
    await reports.idle();
    expect(readFileSync(join(folder, 'radio-2026-11-20.html'), 'utf8')).toBe('mine');
  });

  test('a report that was missed is made at the start; one that is there is not made again', async () => {
    const { reports, time, folder, entry } = setUp();
    time.nowMs = at(21, 9);
    reports.set([entry]);
    await reports.idle();
    expect(readdirSync(folder)).toEqual(['radio-2026-11-20.html']);
  });

  test('the language of an entry is that of its report', async () => {
    const { reports, time, folder, entry } = setUp();
    time.nowMs = at(21, 9);
    reports.set([{ ...entry, language: 'de' }]);
    await reports.idle();
    const page = readFileSync(join(folder, 'radio-2026-11-20.html'), 'utf8');
    expect(page).toContain('<html lang="de">');
    expect(page).toContain('<title>radio, 20. November 2026</title>');
    expect(page).toContain('<h2>Stärkste Wendungen</h2>');
    expect(page.replace(/<style>.*?<\/style>|<[^>]*>/gs, ' ')).not.toMatch(/\b(the|over|none|received)\b/i);
  });

  test('a webhook gets the page and the means, with the same id again', async () => {
    const { reports, time, sent } = setUp();
    reports.set([{ stream: 'radio', at: '06:00', webhook: 'office' }]);
    time.nowMs = at(21, 6);
    reports.check();
    await reports.idle();
    expect(sent).toHaveLength(1);
    expect(sent[0]!.id).toBe('msg_report-radio-2026-11-20');
    const { type, data } = JSON.parse(sent[0]!.body);
    expect(type).toBe('report.daily');
    expect(data).toMatchObject({ stream: 'radio', day: '2026-11-20' });
    expect(data.music).toBeGreaterThan(0.5);
    expect(data.html).toContain('<!doctype html>');
  });

  test('a day without audio makes no report, and is logged', async () => {
    const { reports, time, lines, folder, entry } = setUp({ frames: 0 });
    time.nowMs = at(21, 9);
    reports.set([entry]);
    await reports.idle();
    expect(existsSync(folder)).toBe(false);
    expect(lines.at(-1)).toMatchObject({ stream: 'radio', day: '2026-11-20' });
  });

  test('a folder that cannot be written is tried again, five times at most', async () => {
    const { reports, time, lines, folder, entry } = setUp();
    writeFileSync(folder, 'a file in its place');
    time.nowMs = at(21, 9);
    reports.set([entry]);
    await until(() => lines.some(({ level }) => level === 50));
    expect(lines.filter(({ level }) => level === 40)).toHaveLength(4);
  });

  test.each([
    [{ stream: 'radio', at: '6:00', folder: 'x' }, 'expected a time such as "06:00"'],
    [{ stream: 'radio', at: '06:00' }, 'expected a folder, a webhook, or both'],
    [{ stream: 'radio', at: '06:00', folder: 'x', language: 'it' }, 'expected en, de, fr or es'],
  ])('%o is refused', (entry, message) => {
    expect(dailyReport.safeParse(entry).error?.issues[0]?.message).toBe(message);
  });
});

test('the strongest turns lie apart, and between neighbors with music', () => {
  const bucket = (minute: number, valence: number, music = 1) =>
    ({ time: new Date(at(20, 12, minute)).toISOString(), valence, arousal: 0, music }) as EmotionBucket;
  const buckets = [
    bucket(0, 0),
    bucket(10, 0.5),
    bucket(20, 0),
    bucket(30, 0.9, 0.1),
    bucket(40, 0),
    bucket(50, 0.3),
  ];
  expect(strongestTurns(buckets, 600_000, 5).map(({ distance }) => distance)).toEqual([0.5, 0.3]);
});

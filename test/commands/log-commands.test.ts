import { execFile } from 'node:child_process';
import {
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parquetReadObjects } from 'hyparquet';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { csvHeader, csvRow } from '../../src/csv.ts';
import { bucketsOf, endRun, framesOf, openLog, writeRun } from '../log/open-log.ts';
import { syntheticFrames } from '../log/synthetic-frames.ts';
import { frameOf, tempFolder } from '../server/support.ts';
import { runHere } from '../support/run-here.ts';

/** The built program. */
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
if (!existsSync(CLI)) console.warn('Skipped the tests of the log commands: run npm run build first.');

const START_MS = Date.parse('2026-03-01T12:00:00Z');
const frames = Array.from({ length: 700 }, (_, seq) => frameOf('booth', seq, START_MS + 500 * seq));

async function undertone(args: readonly string[], env: Record<string, string> = {}) {
  const options = { env: { ...process.env, UNDERTONE_PASSPHRASE: undefined, ...env }, maxBuffer: 1 << 26 };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [CLI, ...args], options)) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

/** A log that is packed in part, as a killed server leaves it. */
async function logOf(options: { passphrase?: string } = {}) {
  const before = openLog(options);
  const run = writeRun(before, frames.slice(0, 500));
  before.close();
  const log = openLog({ ...options, dataDir: before.dataDir });
  await log.settle();
  for (const frame of frames.slice(500)) log.write(run, frame.seq, frame);
  log.flush();
  return log;
}

describe.skipIf(!existsSync(CLI))('undertone export', () => {
  test('writes the tracks that a station named as CSV and NDJSON', async () => {
    const log = openLog();
    const run = writeRun(log, frames.slice(0, 100));
    const place = { stream: 'booth', t: 10, time: frames[20]!.time, message: '' };
    const title = { title: 'Eins, "zwei"', artist: 'Änne' };
    log.write(run, 20, { type: 'track', ...place, ...title });
    const means = {
      valence: 0.25,
      arousal: -0.5,
      valenceStart: 0,
      valenceEnd: 0,
      arousalStart: 0,
      arousalEnd: 0,
    };
    const summary = { t: 10, startedAt: place.time, ...means, peakArousal: 0.5, loudness: null, speech: 0 };
    const ended = { ...place, t: 40, time: frames[80]!.time, ...title, seconds: 30 };
    log.write(run, 80, { type: 'track-ended', ...ended, summary: { ...summary, moods: { happy: 0.5 } } });
    log.flush();
    const args = ['export', '--stream', 'booth', '--data-dir', log.dataDir, '--tracks'];
    const csv = (await undertone(args)).stdout.split('\n');
    expect(csv[0]).toMatch(/^stream,run,title,artist,t,startedAt,endedAt,seconds,valence,.*,happy,/);
    expect(csv[1]).toBe(
      `booth,${run},"Eins, ""zwei""",Änne,10,${place.time},${ended.time},30,0.25,-0.5,0,0,0,0,0.5,,0,0.5,,,,,,,,,`,
    );
    const [line] = (await undertone([...args, '--format', 'ndjson'])).stdout.split('\n');
    expect(JSON.parse(line!)).toMatchObject({ ...title, seconds: 30, moods: { happy: 0.5 } });
    const wrong = await undertone([...args, '--format', 'parquet', '--out', join(log.dataDir, 'x')]);
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--tracks is written as csv or ndjson'),
    });
  });

  test('writes the emitted frames as CSV, NDJSON and Parquet while a server is using the log', async () => {
    const { dataDir } = await logOf();
    const place = ['--stream', 'booth', '--data-dir', dataDir];
    const csv = await undertone(['export', ...place]);
    expect(csv.stdout).toBe(`${[csvHeader(), ...frames.map((frame) => csvRow(frame))].join('\n')}\n`);
    expect(csv.stderr).toBe('');
    // A time without frames, such as one in another time zone, is no error, but not silent either.
    for (const [what, flags] of [
      ['frames', ['--from', '2027-01-01']],
      ['frames', ['--from', '2027-01-01', '--format', 'ndjson']],
      ['tracks', ['--tracks']],
    ] as const) {
      const empty = await undertone(['export', ...place, ...flags]);
      expect(empty).toMatchObject({
        code: 0,
        stderr: `undertone: The log has no ${what} of "booth" in that time.\n`,
      });
    }
    const ndjson = await undertone(['export', ...place, '--format', 'ndjson', '--from', frames[300]!.time]);
    expect(
      ndjson.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(frames.slice(300));
    const file = join(dataDir, 'out.parquet');
    await undertone(['export', ...place, '--format', 'parquet', '--out', file]);
    const rows = await readParquet(file);
    expect(rows).toHaveLength(frames.length);
    for (const [i, frame] of frames.entries()) {
      expect(rows[i]).toMatchObject({
        stream: 'booth',
        seq: frame.seq,
        time: new Date(frame.time),
        valence: frame.valence,
        mood: frame.mood,
        activity: frame.activity,
        'arousalHigh+5s': frame.forecast[3]?.arousalHigh ?? null,
      });
    }
  });

  test('writes buckets in all formats', async () => {
    const log = await logOf();
    const minutes = await bucketsOf(log, 'booth', 60_000);
    const place = ['--stream', 'booth', '--data-dir', log.dataDir, '--resolution', '1m'];
    const ndjson = await undertone(['export', ...place, '--format', 'ndjson']);
    expect(
      ndjson.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(minutes);
    const csv = (await undertone(['export', ...place])).stdout.trim().split('\n');
    expect(csv).toHaveLength(minutes.length + 1);
    const file = join(log.dataDir, 'out.parquet');
    await undertone(['export', ...place, '--format', 'parquet', '--out', file]);
    const rows = await readParquet(file);
    expect(rows.map(({ time, valence, excited }) => ({ time, valence, excited }))).toEqual(
      minutes.map(({ time, valence, moods }) => ({
        time: new Date(time),
        valence,
        excited: moods.excited ?? null,
      })),
    );
  });

  test.each([
    'undertone.db',
    'undertone.db-wal',
    'undertone.db-shm',
    'undertone.db.salt', // Does not exist: the log is not encrypted.
    'undertone.lock',
    'audit.ndjson',
    'link.csv',
    'linked.csv',
  ])('never overwrites a file of the data directory: %s', async (name) => {
    const { dataDir } = await logOf();
    writeFileSync(join(dataDir, 'audit.ndjson'), '{}\n');
    const elsewhere = tempFolder();
    symlinkSync(join(dataDir, 'undertone.db'), join(elsewhere, 'link.csv'));
    linkSync(join(dataDir, 'undertone.db'), join(elsewhere, 'linked.csv'));
    const before = filesOf(dataDir);
    const out = join(name.endsWith('.csv') ? elsewhere : dataDir, name);
    const args = ['export', '--stream', 'booth', '--data-dir', dataDir, '--out', out, '--force'];
    const result = await runHere(args);
    expect({ code: result.code, err: result.stderr }).toEqual({
      code: 2,
      err: expect.stringMatching(/^undertone: .* is a file of the log or .*: name another file\.\n$/),
    });
    expect(filesOf(dataDir)).toEqual(before);
  });

  test('overwrites another file only with --force', async () => {
    const { dataDir } = await logOf();
    const folder = tempFolder();
    const out = join(folder, 'day.csv');
    writeFileSync(out, 'what I wrote myself');
    const args = ['export', '--stream', 'booth', '--data-dir', dataDir, '--out', out];
    const result = await undertone(args);
    expect({ code: result.code, err: result.stderr }).toEqual({
      code: 1,
      err: `undertone: ${out} exists: name another file, or add --force to overwrite it.\n`,
    });
    expect(readFileSync(out, 'utf8')).toBe('what I wrote myself');
    expect((await undertone([...args, '--force'])).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe(
      `${[csvHeader(), ...frames.map((frame) => csvRow(frame))].join('\n')}\n`,
    );
    expect(readdirSync(folder)).toEqual(['day.csv']);
  });

  test('leaves no partial file and keeps an existing one where the log is damaged', async () => {
    const log = await logOf();
    log.close();
    const db = new Database(join(log.dataDir, 'undertone.db'));
    db.exec('UPDATE blocks SET data = zeroblob(length(data)) WHERE id = (SELECT max(id) FROM blocks)');
    db.close();
    const folder = tempFolder();
    const out = join(folder, 'day.csv');
    const args = ['export', '--stream', 'booth', '--data-dir', log.dataDir, '--out', out];
    const result = await undertone(args);
    expect({ code: result.code, err: result.stderr }).toEqual({
      code: 1,
      err: expect.stringContaining('cannot be read'),
    });
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(out, 'the day before');
    expect((await undertone([...args, '--force'])).code).toBe(1);
    expect(readdirSync(folder)).toEqual(['day.csv']);
    expect(readFileSync(out, 'utf8')).toBe('the day before');
  });

  test.each([
    ['an unknown stream', ['--stream', 'attic'], 1, 'The log has no stream "attic": it has booth.'],
    ['no time', ['--stream', 'booth', '--from', 'noon'], 2, 'Expected a time'],
    ['a reversed range', ['--stream', 'booth', '--from', '2027', '--to', '20'], 2, '--from is later'],
    ['a folder without a log', ['--stream', 'booth', '--data-dir', '/dev'], 1, 'There is no log at /dev'],
  ])('explains %s', async (_what, args, code, sentence) => {
    const { dataDir } = await logOf();
    const result = await runHere(['export', '--data-dir', dataDir, ...args]);
    expect({ code: result.code, err: result.stderr }).toEqual({
      code,
      err: expect.stringContaining(sentence),
    });
  });
});

describe.skipIf(!existsSync(CLI))('undertone import', () => {
  const file = (lines: readonly string[]) => {
    const path = join(tempFolder(), 'frames.csv');
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  };
  const lines = [csvHeader(), ...frames.map((frame) => csvRow(frame))];

  test('restores the runs and rollups of an exported file', async () => {
    const dataDir = tempFolder();
    const second = frames.slice(0, 100).map((frame) => ({
      ...frame,
      time: new Date(Date.parse(frame.time) + 3_600_000).toISOString(),
    }));
    const path = file([...lines, ...second.map((frame) => csvRow(frame))]);
    const result = await undertone(['import', path, '--stream', 'attic', '--data-dir', dataDir]);
    expect(result).toEqual({ code: 0, stderr: '', stdout: 'Imported 800 frames as 2 runs of attic.\n' });
    const log = openLog({ dataDir });
    const expected = [...frames, ...second].map((frame) => ({ ...frame, stream: 'attic' }));
    expect(await framesOf(log, 'attic')).toEqual(expected);
    expect((await bucketsOf(log, 'attic', 3_600_000)).map((bucket) => bucket.frames)).toEqual([700, 100]);
    expect(log.history.runs('attic').map(({ source }) => source)).toEqual([
      `import:${path}`,
      `import:${path}`,
    ]);
    log.close();
    const again = await undertone(['import', path, '--stream', 'attic', '--data-dir', dataDir]);
    expect({ code: again.code, err: again.stderr }).toEqual({
      code: 1,
      err: expect.stringContaining(`has frames of "attic" at ${frames[0]!.time} already`),
    });
  });

  const cell = (line: number, column: string, value: string) =>
    lines.map((text, i) => {
      if (i !== line - 1) return text;
      return text.split(',').with(csvHeader().split(',').indexOf(column), value).join(',');
    });

  test.each([
    ['another header', ['time,valence', '1,2'], /line 1: expected the header/],
    ['an empty file', [''], /line 1: expected the header/],
    [
      'a cell too few',
      lines.with(9, '1,2,3'),
      /line 10, column t: expected 43 cells in the line, got "3 cells"/,
    ],
    [
      'a valence out of range',
      cell(600, 'valence', '1.5'),
      /line 600, column valence: expected a number from -1 to 1 or nothing, got "1.5"/,
    ],
    [
      'a word for a number',
      cell(20, 'arousalLow+5s', 'low'),
      /line 20, column arousalLow\+5s: expected a number/,
    ],
    [
      'half a forecast',
      cell(20, 'valence+1s', ''),
      /line 20, column valence\+1s: expected a number, because the other/,
    ],
    ['another time', cell(3, 'time', 'yesterday'), /line 3, column time: expected a time such as/],
    [
      'a t that does not belong to seq',
      cell(3, 't', '7'),
      /line 3, column t: expected 1, as seq is 1, got "7"/,
    ],
    [
      'music in silence',
      cell(8, 'valence', '0.5'),
      /line 8, column valence: expected nothing, as activity is silence/,
    ],
    [
      'no confidence',
      cell(5, 'confidence', ''),
      /line 5, column confidence: expected a number from 0 to 1, got nothing/,
    ],
    [
      'an unknown activity',
      cell(5, 'activity', 'noise'),
      /line 5, column activity: expected music or speech or silence/,
    ],
  ])('refuses %s with line and column, and imports nothing', async (_what, content, sentence) => {
    const dataDir = tempFolder();
    const result = await runHere(['import', file(content), '--stream', 'attic', '--data-dir', dataDir]);
    expect({ code: result.code, err: result.stderr }).toEqual({
      code: 1,
      err: expect.stringMatching(sentence),
    });
    expect(openLog({ dataDir }).history.streams()).toEqual([]);
  });

  test('requires that the server is stopped, and a valid stream name', async () => {
    const { dataDir } = await logOf();
    const busy = await undertone(['import', file(lines), '--stream', 'attic', '--data-dir', dataDir]);
    expect(busy.stderr).toContain('Another undertone is using the data directory');
    const odd = await undertone(['import', file(lines), '--stream', 'The Attic', '--data-dir', tempFolder()]);
    expect({ code: odd.code, err: odd.stderr }).toEqual({
      code: 2,
      err: expect.stringContaining('not a valid stream name'),
    });
  });
});

describe.skipIf(!existsSync(CLI))('undertone backup', () => {
  test('copies a log while it is written, and overwrites a file only with --force', async () => {
    const log = await logOf();
    const copy = join(tempFolder(), 'copy.db');
    const run = log.startRun('booth', 'demo:', 'm', START_MS + 3_600_000);
    let seq = 0;
    const writing = setInterval(() => {
      for (let i = 0; i < 20; i++)
        log.write(run, seq, frameOf('booth', seq, START_MS + 3_600_000 + 500 * seq++));
      log.flush();
    }, 5);
    const result = await undertone(['backup', copy, '--data-dir', log.dataDir]);
    clearInterval(writing);
    expect(result.stdout).toMatch(/^Copied to .*copy\.db: \d+\.\d MB\.\n$/);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(existsSync(`${copy}.partial`)).toBe(false);
    const doctor = await undertone(['doctor', '--full', '--json', '--data-dir', copy]);
    const findings = JSON.parse(doctor.stdout) as { check: string; status: string }[];
    expect(findings.filter(({ status }) => status === 'fault')).toEqual([]);
    expect(findings.map(({ check }) => check)).toContain('rollups');
    const exported = await undertone([
      'export',
      '--stream',
      'booth',
      '--format',
      'ndjson',
      '--data-dir',
      copy,
    ]);
    const copied = exported.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(copied.slice(0, 700)).toEqual(frames);
    expect(copied.slice(700).map((frame) => frame.seq)).toEqual(copied.slice(700).map((_, i) => i));

    const again = await undertone(['backup', copy, '--data-dir', log.dataDir]);
    expect({ code: again.code, err: again.stderr }).toEqual({
      code: 1,
      err: expect.stringContaining('--force'),
    });
    expect((await undertone(['backup', copy, '--force', '--data-dir', log.dataDir])).code).toBe(0);
    const itself = await undertone([
      'backup',
      join(log.dataDir, 'undertone.db'),
      '--force',
      '--data-dir',
      log.dataDir,
    ]);
    expect(itself.stderr).toContain('is the log itself');
    const nowhere = await undertone(['backup', '/dev/null/copy.db', '--data-dir', log.dataDir]);
    expect(nowhere.stderr).toMatch(/cannot be written \(part of the path is a file/);
  });

  test.each([
    ['its salt', 'undertone.db.salt'],
    ['its write-ahead log', 'undertone.db-wal'],
    ['the index of that', 'undertone.db-shm'],
    ['its lock', 'undertone.lock'],
    ['itself under another name', 'linked.db'],
    ['a link that its partial file would overwrite', 'aside'],
  ])('never overwrites a file of the log: %s', async (_what, name) => {
    const secret = { UNDERTONE_PASSPHRASE: 'open sesame' };
    const { dataDir } = await logOf({ passphrase: 'open sesame' });
    linkSync(join(dataDir, 'undertone.db'), join(dataDir, 'linked.db'));
    linkSync(join(dataDir, 'undertone.db'), join(dataDir, 'aside.partial'));
    const before = filesOf(dataDir);
    const result = await runHere(['backup', join(dataDir, name), '--force', '--data-dir', dataDir], secret);
    expect({ code: result.code, err: result.stderr }).toEqual({
      code: 2,
      err: expect.stringMatching(/^undertone: .* is the log itself, or .*: name another file\.\n$/),
    });
    expect(filesOf(dataDir)).toEqual(before);
  });

  test('keeps a log encrypted or encrypts it, and opens it only with its passphrase', async () => {
    const secret = { UNDERTONE_PASSPHRASE: 'open sesame' };
    const log = await logOf({ passphrase: 'open sesame' });
    const folder = tempFolder();
    expect((await undertone(['backup', join(folder, 'a.db'), '--data-dir', log.dataDir])).stderr).toContain(
      'is encrypted: put its passphrase',
    );
    expect((await undertone(['backup', join(folder, 'a.db'), '--data-dir', log.dataDir], secret)).code).toBe(
      0,
    );
    const other = join(folder, 'passphrase.txt');
    writeFileSync(other, 'another one\nand nothing of this\n');
    const plain = await logOf();
    const args = [
      'backup',
      join(folder, 'b.db'),
      '--copy-passphrase-file',
      other,
      '--data-dir',
      plain.dataDir,
    ];
    expect((await undertone(args)).code).toBe(0);
    for (const [name, passphrase] of [
      ['a.db', 'open sesame'],
      ['b.db', 'another one'],
    ] as const) {
      const file = join(folder, name);
      expect(readFileSync(file).includes('CREATE TABLE')).toBe(false);
      const doctor = await undertone(['doctor', '--data-dir', file], { UNDERTONE_PASSPHRASE: passphrase });
      expect({ code: doctor.code, output: doctor.stdout }).toEqual({
        code: 0,
        output: expect.stringContaining('Encrypted with a passphrase.'),
      });
      const wrong = await undertone(['doctor', '--data-dir', file], { UNDERTONE_PASSPHRASE: 'guess' });
      expect({ code: wrong.code, output: wrong.stderr }).toEqual({
        code: 1,
        output: expect.stringContaining('The passphrase does not open the log'),
      });
    }
  });
});

describe.skipIf(!existsSync(CLI))('undertone doctor', () => {
  /** A closed log of two ended runs, damaged by the SQL in `damage`. */
  async function closedLog(damage = '') {
    const log = openLog();
    for (const seed of [1, 2]) {
      const played = syntheticFrames('booth', 600, { seed, startMs: START_MS + seed * 3_600_000 });
      endRun(log, writeRun(log, played), played.at(-1)!);
    }
    await log.settle();
    await log.scrub();
    log.close();
    const db = new Database(join(log.dataDir, 'undertone.db'));
    if (damage !== '') db.exec(damage);
    db.close();
    return log.dataDir;
  }

  const doctor = async (dataDir: string, ...args: string[]) =>
    runHere(['doctor', '--data-dir', dataDir, ...args]);

  test('reports no problem in a sound log', async () => {
    const result = await doctor(await closedLog());
    expect(result.code).toBe(0);
    expect(result.stdout).not.toMatch(/fault|note /);
    for (const check of [
      'files',
      'permissions',
      'write-ahead log',
      'free space',
      'encryption',
      'schema',
      'database',
      'runs',
      'frames',
      'gaps',
      'rollups',
    ])
      expect(result.stdout).toMatch(new RegExp(`^${check} +ok `, 'm'));
  });

  test.each([
    [
      'a rollup with too few frames',
      'UPDATE rollups SET frames = frames - 1 WHERE level = 60000 AND bucket % 3 = 0',
    ],
    ['wrong sums', 'UPDATE rollups SET valence = valence + 1 WHERE level = 60000'],
    ['a missing rollup', 'DELETE FROM rollups WHERE level = 3600000'],
    ['no rollups at all', 'DELETE FROM rollups; DELETE FROM open_rollups'],
    [
      'a day that does not match its hours',
      'UPDATE open_rollups SET music = music + 1 WHERE level = 86400000',
    ],
  ])('finds and repairs %s', async (_what, damage) => {
    const dataDir = await closedLog(damage);
    const before = await doctor(dataDir);
    expect({ code: before.code, output: before.stdout }).toEqual({
      code: 1,
      output: expect.stringMatching(/^rollups +fault .*undertone doctor --repair/m),
    });
    const repair = await doctor(dataDir, '--repair', '--full');
    expect({ code: repair.code, output: repair.stdout }).toEqual({
      code: 0,
      output: expect.stringMatching(/^rollups +ok /m),
    });
    const log = openLog({ dataDir });
    expect((await bucketsOf(log, 'booth', 86_400_000)).map(({ frames }) => frames)).toEqual([1200]);
  });

  test.each([
    [
      'a block with a flipped bit',
      "UPDATE blocks SET data = CAST(substr(data, 1, 90) || x'00' || substr(data, 92) AS BLOB) WHERE id = (SELECT max(id) FROM blocks)",
      'frames',
      /Frames 0 to 599 of run 2 cannot be read/,
    ],
    ['frames of no run', 'DELETE FROM runs WHERE id = 1', 'runs', /belong to no run or stream/],
    [
      'duplicate frames',
      'INSERT INTO blocks (run, first_seq, last_seq, from_ms, to_ms, frames, data) SELECT run, first_seq, last_seq, from_ms, to_ms, frames, data FROM blocks WHERE run = 1',
      'gaps',
      /stored twice in 1 place/,
    ],
    ['a newer schema', 'PRAGMA user_version = 99', 'schema', /written by a newer undertone/],
  ])('locates %s and says what to do', async (_what, damage, check, sentence) => {
    const result = await doctor(await closedLog(damage), '--full');
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(new RegExp(`^${check} +fault .*${sentence.source}`, 'm'));
  });

  test('reports missing frames as a note, not a fault', async () => {
    const dataDir = await closedLog(
      'UPDATE blocks SET first_seq = first_seq + 10, last_seq = last_seq + 20 WHERE run = 1',
    );
    const result = await doctor(dataDir, '--json');
    const findings = JSON.parse(result.stdout) as { check: string; status: string; says: string }[];
    expect(findings.find(({ check }) => check === 'gaps')).toMatchObject({
      status: 'note',
      says: expect.stringContaining('10 frames are missing'),
    });
  });

  test('reports a damaged file in one sentence', async () => {
    const dataDir = await closedLog();
    const file = join(dataDir, 'undertone.db');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0x55, 4096 * 3, 4096 * 5));
    const result = await doctor(dataDir);
    expect(result.code).toBe(1);
    expect(result.stdout + result.stderr).toMatch(/damaged/);
    expect(result.stderr).not.toMatch(/^\s+at /m);
  });
});

/** Contents of the files of a folder, except the index of the write-ahead log, which readers change. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => !name.endsWith('-shm'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'base64')]));
}

async function readParquet(file: string): Promise<Record<string, unknown>[]> {
  const bytes = readFileSync(file);
  return parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
  });
}

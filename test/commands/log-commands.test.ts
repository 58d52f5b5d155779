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

/** The program as it is installed: needs the build. */
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
if (!existsSync(CLI)) console.warn('Tests of the commands on a log are skipped: npm run build is missing.');

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

/** A log in which part is packed and part is not, as a server that was killed leaves it. */
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
  test('writes the frames as they were emitted, as CSV, NDJSON and Parquet, while a server has the log', async () => {
    const { dataDir } = await logOf();
    const place = ['--stream', 'booth', '--data-dir', dataDir];
    const csv = await undertone(['export', ...place]);
    expect(csv.stdout).toBe(`${[csvHeader(), ...frames.map((frame) => csvRow(frame))].join('\n')}\n`);
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
    'undertone.db.salt', // Not there: the log is not encrypted.
    'undertone.lock',
    'audit.ndjson',
    'link.csv',
    'linked.csv',
  ])('takes the place of no file of the data directory: %s', async (name) => {
    const { dataDir } = await logOf();
    writeFileSync(join(dataDir, 'audit.ndjson'), '{}\n');
    const elsewhere = tempFolder();
    symlinkSync(join(dataDir, 'undertone.db'), join(elsewhere, 'link.csv'));
    linkSync(join(dataDir, 'undertone.db'), join(elsewhere, 'linked.csv'));
    const before = filesOf(dataDir);
    const out = join(name.endsWith('.csv') ? elsewhere : dataDir, name);
    const args = ['export', '--stream', 'booth', '--data-dir', dataDir, '--out', out, '--force'];
    const said = await undertone(args);
    expect({ code: said.code, err: said.stderr }).toEqual({
      code: 2,
      err: expect.stringMatching(/^undertone: .* is a file of the log or .*: name another file\.\n$/),
    });
    expect(filesOf(dataDir)).toEqual(before);
  });

  test('writes over another file only when told to', async () => {
    const { dataDir } = await logOf();
    const folder = tempFolder();
    const out = join(folder, 'day.csv');
    writeFileSync(out, 'what I wrote myself');
    const args = ['export', '--stream', 'booth', '--data-dir', dataDir, '--out', out];
    const said = await undertone(args);
    expect({ code: said.code, err: said.stderr }).toEqual({
      code: 1,
      err: `undertone: ${out} is there already: name another file, or say --force to write over it.\n`,
    });
    expect(readFileSync(out, 'utf8')).toBe('what I wrote myself');
    expect((await undertone([...args, '--force'])).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe(
      `${[csvHeader(), ...frames.map((frame) => csvRow(frame))].join('\n')}\n`,
    );
    expect(readdirSync(folder)).toEqual(['day.csv']);
  });

  test('leaves nothing half, and what was there, where the log breaks in the middle', async () => {
    const log = await logOf();
    log.close();
    const db = new Database(join(log.dataDir, 'undertone.db'));
    db.exec('UPDATE blocks SET data = zeroblob(length(data)) WHERE id = (SELECT max(id) FROM blocks)');
    db.close();
    const folder = tempFolder();
    const out = join(folder, 'day.csv');
    const args = ['export', '--stream', 'booth', '--data-dir', log.dataDir, '--out', out];
    const said = await undertone(args);
    expect({ code: said.code, err: said.stderr }).toEqual({
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
    ['no time', ['--stream', 'booth', '--from', 'noon'], 2, 'A time is expected'],
    [
      'a range the wrong way round',
      ['--stream', 'booth', '--from', '2027', '--to', '20'],
      2,
      '--from is later',
    ],
    ['a folder without a log', ['--stream', 'booth', '--data-dir', '/dev'], 1, 'There is no log at /dev'],
  ])('says of %s what is wrong', async (_what, args, code, sentence) => {
    const { dataDir } = await logOf();
    const said = await undertone(['export', '--data-dir', dataDir, ...args]);
    expect({ code: said.code, err: said.stderr }).toEqual({ code, err: expect.stringContaining(sentence) });
  });
});

describe.skipIf(!existsSync(CLI))('undertone import', () => {
  const file = (lines: readonly string[]) => {
    const path = join(tempFolder(), 'frames.csv');
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  };
  const lines = [csvHeader(), ...frames.map((frame) => csvRow(frame))];

  test('takes in what export wrote, runs and rollups and all', async () => {
    const dataDir = tempFolder();
    const second = frames.slice(0, 100).map((frame) => ({
      ...frame,
      time: new Date(Date.parse(frame.time) + 3_600_000).toISOString(),
    }));
    const path = file([...lines, ...second.map((frame) => csvRow(frame))]);
    const said = await undertone(['import', path, '--stream', 'attic', '--data-dir', dataDir]);
    expect(said).toEqual({ code: 0, stderr: '', stdout: 'Imported 800 frames as 2 runs of attic.\n' });
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
      /line 20, column valence\+1s: expected a number, as the other/,
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
  ])('refuses %s with line and column, and takes nothing', async (_what, content, sentence) => {
    const dataDir = tempFolder();
    const said = await undertone(['import', file(content), '--stream', 'attic', '--data-dir', dataDir]);
    expect({ code: said.code, err: said.stderr }).toEqual({ code: 1, err: expect.stringMatching(sentence) });
    expect(openLog({ dataDir }).history.streams()).toEqual([]);
  });

  test('waits for a server to be stopped, and wants a name', async () => {
    const { dataDir } = await logOf();
    const busy = await undertone(['import', file(lines), '--stream', 'attic', '--data-dir', dataDir]);
    expect(busy.stderr).toContain('Another undertone is using the data directory');
    const odd = await undertone(['import', file(lines), '--stream', 'The Attic', '--data-dir', tempFolder()]);
    expect({ code: odd.code, err: odd.stderr }).toEqual({
      code: 2,
      err: expect.stringContaining('no name of a stream'),
    });
  });
});

describe.skipIf(!existsSync(CLI))('undertone backup', () => {
  test('copies a log while it is written, and never over another file unless told to', async () => {
    const log = await logOf();
    const copy = join(tempFolder(), 'copy.db');
    const run = log.startRun('booth', 'demo:', 'm', START_MS + 3_600_000);
    let seq = 0;
    const writing = setInterval(() => {
      for (let i = 0; i < 20; i++)
        log.write(run, seq, frameOf('booth', seq, START_MS + 3_600_000 + 500 * seq++));
      log.flush();
    }, 5);
    const said = await undertone(['backup', copy, '--data-dir', log.dataDir]);
    clearInterval(writing);
    expect(said.stdout).toMatch(/^Copied to .*copy\.db: \d+\.\d MB\.\n$/);
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
    ['what its own name makes of another', 'aside'],
  ])('takes the place of no file of the log: %s', async (_what, name) => {
    const secret = { UNDERTONE_PASSPHRASE: 'open sesame' };
    const { dataDir } = await logOf({ passphrase: 'open sesame' });
    linkSync(join(dataDir, 'undertone.db'), join(dataDir, 'linked.db'));
    linkSync(join(dataDir, 'undertone.db'), join(dataDir, 'aside.partial'));
    const before = filesOf(dataDir);
    const said = await undertone(['backup', join(dataDir, name), '--force', '--data-dir', dataDir], secret);
    expect({ code: said.code, err: said.stderr }).toEqual({
      code: 2,
      err: expect.stringMatching(/^undertone: .* is the log itself, or .*: name another file\.\n$/),
    });
    expect(filesOf(dataDir)).toEqual(before);
  });

  test('keeps a log encrypted, encrypts one, and opens with its passphrase only', async () => {
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
      expect({ code: doctor.code, said: doctor.stdout }).toEqual({
        code: 0,
        said: expect.stringContaining('Encrypted with a passphrase.'),
      });
      const wrong = await undertone(['doctor', '--data-dir', file], { UNDERTONE_PASSPHRASE: 'guess' });
      expect({ code: wrong.code, said: wrong.stderr }).toEqual({
        code: 1,
        said: expect.stringContaining('The passphrase does not open the log'),
      });
    }
  });
});

describe.skipIf(!existsSync(CLI))('undertone doctor', () => {
  /** A log of two ended runs, closed, and what is done to it behind its back. */
  async function closedLog(harm = '') {
    const log = openLog();
    for (const seed of [1, 2]) {
      const played = syntheticFrames('booth', 600, { seed, startMs: START_MS + seed * 3_600_000 });
      endRun(log, writeRun(log, played), played.at(-1)!);
    }
    await log.settle();
    await log.scrub();
    log.close();
    const db = new Database(join(log.dataDir, 'undertone.db'));
    if (harm !== '') db.exec(harm);
    db.close();
    return log.dataDir;
  }

  const doctor = async (dataDir: string, ...args: string[]) =>
    undertone(['doctor', '--data-dir', dataDir, ...args]);

  test('finds nothing where there is nothing', async () => {
    const said = await doctor(await closedLog());
    expect(said.code).toBe(0);
    expect(said.stdout).not.toMatch(/fault|note /);
    for (const check of [
      'files',
      'permissions',
      'write-ahead log',
      'free room',
      'encryption',
      'schema',
      'database',
      'runs',
      'frames',
      'gaps',
      'rollups',
    ])
      expect(said.stdout).toMatch(new RegExp(`^${check} +ok `, 'm'));
  });

  test.each([
    [
      'a rollup that tells of too little',
      'UPDATE rollups SET frames = frames - 1 WHERE level = 60000 AND bucket % 3 = 0',
    ],
    ['sums that are wrong', 'UPDATE rollups SET valence = valence + 1 WHERE level = 60000'],
    ['a rollup that is lost', 'DELETE FROM rollups WHERE level = 3600000'],
    ['no rollups at all', 'DELETE FROM rollups; DELETE FROM open_rollups'],
    [
      'a day that does not agree with its hours',
      'UPDATE open_rollups SET music = music + 1 WHERE level = 86400000',
    ],
  ])('sees and mends %s', async (_what, harm) => {
    const dataDir = await closedLog(harm);
    const before = await doctor(dataDir);
    expect({ code: before.code, said: before.stdout }).toEqual({
      code: 1,
      said: expect.stringMatching(/^rollups +fault .*undertone doctor --repair/m),
    });
    const repair = await doctor(dataDir, '--repair', '--full');
    expect({ code: repair.code, said: repair.stdout }).toEqual({
      code: 0,
      said: expect.stringMatching(/^rollups +ok /m),
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
      'frames that are there twice',
      'INSERT INTO blocks (run, first_seq, last_seq, from_ms, to_ms, frames, data) SELECT run, first_seq, last_seq, from_ms, to_ms, frames, data FROM blocks WHERE run = 1',
      'gaps',
      /stored twice in 1 place/,
    ],
    ['a newer schema', 'PRAGMA user_version = 99', 'schema', /written by a newer undertone/],
  ])('says of %s where it is and what to do', async (_what, harm, check, sentence) => {
    const said = await doctor(await closedLog(harm), '--full');
    expect(said.code).toBe(1);
    expect(said.stdout).toMatch(new RegExp(`^${check} +fault .*${sentence.source}`, 'm'));
  });

  test('notes what is missing and what others may read, which is no fault', async () => {
    const dataDir = await closedLog(
      'UPDATE blocks SET first_seq = first_seq + 10, last_seq = last_seq + 20 WHERE run = 1',
    );
    const said = await doctor(dataDir, '--json');
    const findings = JSON.parse(said.stdout) as { check: string; status: string; says: string }[];
    expect(findings.find(({ check }) => check === 'gaps')).toMatchObject({
      status: 'note',
      says: expect.stringContaining('10 frames are missing'),
    });
  });

  test('of a damaged file is one sentence', async () => {
    const dataDir = await closedLog();
    const file = join(dataDir, 'undertone.db');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0x55, 4096 * 3, 4096 * 5));
    const said = await doctor(dataDir);
    expect(said.code).toBe(1);
    expect(said.stdout + said.stderr).toMatch(/damaged/);
    expect(said.stderr).not.toMatch(/^\s+at /m);
  });
});

/** What each file of a folder has in it; but not the index of the write-ahead log, which who reads a log writes to. */
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

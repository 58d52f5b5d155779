import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { csvHeader, csvRow } from '../../../src/csv.ts';
import { readSettings } from '../../../src/server/config/settings.ts';
import { RotatingFile } from '../../../src/sinks/kinds/rotating-file.ts';
import { frameOf, tempFolder, until } from '../../server/support.ts';
import { openSink } from '../support.ts';

const DAY_1 = Date.parse('2026-11-27T23:59:59Z');
const DAY_2 = Date.parse('2026-11-28T00:00:01Z');
const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1);

describe('file:', () => {
  test('writes whole frames like undertone track, and continues its own file', async () => {
    const path = join(tempFolder(), 'frames.ndjson');
    const frames = [0, 1, 2].map((seq) => frameOf('booth', seq));
    const first = openSink({ sink: `file:${path}` }).sink;
    first.push(frames[0]!);
    first.push(frames[1]!);
    await first.close();
    const second = openSink({ sink: `file:${path}` }).sink;
    second.push(frames[2]!);
    second.end('booth', 2, frames[2]!.time);
    await second.close();
    expect(linesOf(path)).toEqual(frames.map((frame) => JSON.stringify(frame)));
  });

  test('a file that cannot be closed is free for the next sink, and others are closed', async () => {
    const path = join(tempFolder(), '{stream}.ndjson');
    const first = openSink({ sink: `file:${path}` }).sink;
    for (const stream of ['booth', 'stage']) first.push(frameOf(stream, 0));
    await until(() => first.status.delivered === 2, 'two steps');
    const closeFile = RotatingFile.prototype.close;
    const close = vi.spyOn(RotatingFile.prototype, 'close').mockImplementationOnce(async function (
      this: RotatingFile,
    ) {
      await closeFile.call(this);
      throw new Error('EIO');
    });
    onTestFinished(() => close.mockRestore());
    await first.close();
    expect(close).toHaveBeenCalledTimes(2);
    const second = openSink({ sink: `file:${path}` }).sink;
    second.push(frameOf('booth', 1));
    await until(() => second.status.delivered === 1, 'another step');
    expect(second.status.failures).toBe(0);
  });

  test('writes CSV with one header, by the ending of the path, and a file for each stream', async () => {
    const folder = tempFolder();
    const { sink } = openSink({ sink: `file:${folder}/{stream}.csv` });
    for (const stream of ['a', 'b']) for (const seq of [0, 6]) sink.push(frameOf(stream, seq, DAY_1));
    await sink.close();
    for (const stream of ['a', 'b']) {
      const expected = [0, 6].map((seq) => csvRow(frameOf(stream, seq, DAY_1)));
      expect(linesOf(join(folder, `${stream}.csv`))).toEqual([csvHeader(), ...expected]);
    }
  });

  test('writes mapped values as columns, and leaves a cell empty that is not due', async () => {
    const folder = tempFolder();
    const values = [
      { value: 'arousal', as: 'energy, 0 to 1', to: [0, 1] as [number, number] },
      { value: 'mood', every: '1s' },
      { value: 'forecast/5' },
      { value: 'valence', as: 'bright', on: 0.5, off: 0.4 },
    ];
    const csv = openSink({ sink: `file:${folder}/a.csv`, values }).sink;
    const ndjson = openSink({ sink: `file:${folder}/a.ndjson`, values }).sink;
    for (const sink of [csv, ndjson]) {
      sink.push({ ...frameOf('a', 0, DAY_1), valence: 0.6, arousal: 0 });
      sink.push({ ...frameOf('a', 1, DAY_1), arousal: 1, valence: 0.6, forecast: [] });
      await sink.close();
    }
    const [header, row, second] = linesOf(join(folder, 'a.csv'));
    expect(header).toBe('stream,t,time,"energy, 0 to 1",mood,forecast/5/valence,forecast/5/arousal,bright');
    expect(row).toMatch(/^a,0\.5,2026-11-27T23:59:59\.000Z,0\.5,excited,-?[\d.]+,-?[\d.]+,1$/);
    expect(second).toBe('a,1,2026-11-27T23:59:59.000Z,1,,,,');
    expect(JSON.parse(linesOf(join(folder, 'a.ndjson'))[1]!)).toEqual({
      stream: 'a',
      t: 1,
      time: '2026-11-27T23:59:59.000Z',
      'energy, 0 to 1': 1,
      'forecast/5/valence': null,
      'forecast/5/arousal': null,
    });
  });

  test('rotates when a day of UTC begins, also over a restart, and never overwrites a file', async () => {
    const folder = tempFolder();
    const path = join(folder, 'frames.ndjson');
    writeFileSync(join(folder, 'frames-2026-11-27.ndjson'), 'foreign');
    const first = openSink({ sink: `file:${path}?daily=on` }).sink;
    first.push(frameOf('a', 0, DAY_1));
    await first.close();
    utimesSync(path, DAY_1 / 1000, DAY_1 / 1000);
    const second = openSink({ sink: `file:${path}?daily=on` }).sink;
    second.push(frameOf('a', 1, DAY_2));
    await second.close();
    expect(readFileSync(join(folder, 'frames-2026-11-27.ndjson'), 'utf8')).toBe('foreign');
    expect(linesOf(join(folder, 'frames-2026-11-27.2.ndjson'))).toHaveLength(1);
    expect(linesOf(path)).toHaveLength(1);
  });

  test('rotates by size and keeps a bounded number, each with a header', async () => {
    const folder = tempFolder();
    const path = join(folder, 'a.csv');
    for (const name of ['a-notes.csv', 'ab-2026-11-27.csv']) writeFileSync(join(folder, name), 'foreign');
    const file = new RotatingFile({
      path,
      header: 'x\n',
      isOwn: (line) => line === 'x',
      maxBytes: 10,
      daily: false,
      keep: 2,
    });
    for (let n = 0; n < 9; n++) await file.append(`line ${n}\n`, DAY_1);
    await file.close();
    expect(readdirSync(folder).sort()).toEqual([
      'a-2026-11-27.7.csv',
      'a-2026-11-27.8.csv',
      'a-notes.csv',
      'a.csv',
      'ab-2026-11-27.csv',
    ]);
    expect(readFileSync(join(folder, 'a-2026-11-27.8.csv'), 'utf8')).toBe('x\nline 7\n');
    expect(readFileSync(path, 'utf8')).toBe('x\nline 8\n');
  });

  test('does not touch a file that something else wrote, and says so', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'dir.ndjson'));
    writeFileSync(join(folder, 'old.csv'), 'time,other\n1,2\n');
    writeFileSync(join(folder, 'notes.txt'), 'My notes\n');
    for (const [name, message] of [
      ['old.csv', /old\.csv has other content: move it away or choose another path/],
      ['notes.txt', /has other content/],
      ['dir.ndjson', /dir\.ndjson is not a file/],
      ['no/such.csv', /the folder .*no does not exist/],
    ] as const) {
      const { sink, lines } = openSink({ sink: `file:${folder}/${name}` });
      sink.push(frameOf('a', 0));
      await until(() => sink.status.state === 'down', 'the refusal');
      expect(sink.status.message).toMatch(message);
      expect(lines[0]).toContain('at most 2000 steps are kept until it is up again');
      await sink.close();
    }
    expect(readFileSync(join(folder, 'old.csv'), 'utf8')).toBe('time,other\n1,2\n');
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('My notes\n');
  });

  test('reports a full disk once, keeps the steps, and writes them without half lines when there is space', async () => {
    const path = join(tempFolder(), 'frames.ndjson');
    const { sink, lines } = openSink({ sink: `file:${path}` }, { stableMs: 1_000 });
    sink.push(frameOf('a', 0));
    await until(() => sink.status.delivered === 1, 'the first line');
    const { write, restore } = await failingWrites(path);
    for (let seq = 1; seq < 50; seq++) sink.push(frameOf('a', seq));
    await until(() => write.mock.calls.length > 5, 'several attempts');
    expect(sink.status).toMatchObject({ state: 'down', queued: 49, dropped: 0 });
    expect(sink.status.message).toBe(`the disk of ${path} is full`);
    restore();
    await until(() => sink.status.delivered === 50 && sink.status.state === 'up', 'the rest');
    expect(linesOf(path).map((line) => JSON.parse(line).seq)).toEqual([...Array(50).keys()]);
    expect(lines.filter((line) => line.includes('is down'))).toHaveLength(1);
    expect(lines.at(-1)).toMatch(/is up again after [\d.]+ s; 0 steps were dropped/);
  });

  test('writes each step once, while the file of another stream cannot be written', async () => {
    const folder = tempFolder();
    const { sink } = openSink({ sink: `file:${folder}/{stream}.ndjson` });
    for (const stream of ['a', 'b']) sink.push(frameOf(stream, 0));
    await until(() => sink.status.delivered === 2, 'both files');
    const { write, restore } = await failingWrites(join(folder, 'b.ndjson'), 'b');
    for (const stream of ['a', 'b']) sink.push(frameOf(stream, 1));
    await until(() => write.mock.calls.length > 3, 'several attempts');
    restore();
    await until(() => sink.status.delivered === 4, 'the rest');
    for (const stream of ['a', 'b']) expect(linesOf(join(folder, `${stream}.ndjson`))).toHaveLength(2);
  });

  test('keeps a bounded number of files open', async () => {
    const folder = tempFolder();
    const { sink } = openSink({ sink: `file:${folder}/{stream}.ndjson` });
    for (const seq of [0, 1]) for (let n = 0; n < 200; n++) sink.push(frameOf(`s${n}`, seq));
    await until(() => sink.status.delivered === 400, 'the lines');
    for (let n = 0; n < 200; n++) expect(linesOf(join(folder, `s${n}.ndjson`))).toHaveLength(2);
    if (process.platform !== 'linux') return;
    const open = readdirSync('/proc/self/fd').filter((fd) =>
      readlink(`/proc/self/fd/${fd}`).startsWith(folder),
    );
    expect(open.length).toBeLessThanOrEqual(64);
  });

  test('ends a line that a crash cut off, and begins a new file when another program moves it', async () => {
    const path = join(tempFolder(), 'frames.ndjson');
    const whole = JSON.stringify(frameOf('a', 0));
    writeFileSync(path, `${whole}\n${whole.slice(0, 20)}`);
    const { sink } = openSink({ sink: `file:${path}` });
    sink.push(frameOf('a', 1));
    await until(() => sink.status.delivered === 1, 'a line');
    expect(linesOf(path)).toHaveLength(3);
    renameSync(path, `${path}.1`);
    sink.push(frameOf('a', 2));
    await until(() => sink.status.delivered === 2, 'another line');
    expect(linesOf(path).map((line) => JSON.parse(line).seq)).toEqual([2]);
  });

  test('is not written by two sinks at once', async () => {
    const path = join(tempFolder(), 'frames.ndjson');
    const first = openSink({ sink: `file:${path}` }).sink;
    first.push(frameOf('a', 0));
    await until(() => first.status.delivered === 1, 'the first line');
    const second = openSink({ sink: `file:${path}`, every: '1s' }).sink;
    await until(() => second.status.state === 'down', 'the refusal');
    expect(second.status.message).toBe('another sink writes there');
    await first.close();
    await until(() => second.status.state === 'up', 'its turn');
  });

  test('is relative to the folder of the configuration', () => {
    const folder = tempFolder();
    const config = join(folder, 'undertone.json');
    const sinks = [{ sink: 'file:frames.csv?daily=on' }, { sink: 'osc:127.0.0.1:9000' }];
    writeFileSync(config, JSON.stringify({ sinks, streams: [{ name: 'a', source: 'demo:', sinks }] }));
    const expected = [`file:${join(folder, 'frames.csv')}?daily=on`, 'osc:127.0.0.1:9000'];
    const { plan } = readSettings({ config });
    expect(plan.sinks!.map(({ sink }) => sink)).toEqual(expected);
    expect(plan.streams[0]!.sinks!.map(({ sink }) => sink)).toEqual(expected);
    expect(readSettings({ config, sink: ['file:here.csv'] }).plan.sinks).toEqual([{ sink: 'file:here.csv' }]);
  });
});

function readlink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // It was closed meanwhile.
  }
}

/** Makes every write fail halfway, as on a full disk, until `restore`. @param only only writes of this stream */
async function failingWrites(path: string, only = '') {
  const probe = await open(path, 'r');
  const handle = Object.getPrototypeOf(probe) as typeof probe;
  await probe.close();
  const write = vi.spyOn(handle, 'appendFile').mockImplementation(async function (this: typeof probe, data) {
    if (!String(data).includes(`"stream":"${only}`)) return void (await this.write(String(data)));
    await this.write(String(data).slice(0, 10));
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  });
  onTestFinished(() => write.mockRestore());
  return { write, restore: () => write.mockRestore() };
}

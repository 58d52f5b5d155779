import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addToLibrary, type Outcome } from '../../src/library/add-to-library.ts';
import { scan } from '../../src/library/scan.ts';
import { openLibrary } from '../../src/library/store/library-database.ts';
import { TrackStore } from '../../src/library/store/track-store.ts';
import { fileSource } from '../../src/stream/sources/file.ts';
import { UserError } from '../../src/user-error.ts';
import { collect } from '../support/collect.ts';
import { analysisOf } from './library-tracks.ts';

let folder: string;
let store: TrackStore;
let close: () => void;
let analyzed: string[];
const at = (name: string) => join(folder, 'music', name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-library-'));
  await mkdir(at(''));
  for (const name of ['a', 'b', 'c']) await writeFile(at(`${name}.mp3`), `audio of ${name}`);
  const db = openLibrary(join(folder, 'library.db'), { create: true });
  store = new TrackStore(db);
  close = () => void db.close();
  analyzed = [];
});

afterEach(async () => {
  close();
  await rm(folder, { recursive: true });
});

interface Run {
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onAnalyze?: (path: string) => void;
  readonly model?: string;
}

async function add({ threads = 2, signal, onAnalyze = () => {}, model = 'test' }: Run = {}) {
  const outcomes: Outcome[] = [];
  const messages: string[] = [];
  await addToLibrary({
    scan: await scan([at('')], store, model),
    store,
    model,
    analyzers: Array.from({ length: threads }, () => ({
      async analyze(path: string) {
        onAnalyze(path);
        await new Promise((resolve) => setImmediate(resolve));
        analyzed.push(basename(path));
        if (path.includes('bad')) throw new UserError('bad-audio', `${path} has no audio.`);
        return analysisOf({ valence: 0.1, arousal: 0.2 }, { valence: 0.3, arousal: 0.4 });
      },
      async close() {},
    })),
    onFile(outcome, message) {
      outcomes.push(outcome);
      if (message !== undefined) messages.push(message);
    },
    ...(signal && { signal }),
  });
  return { outcomes, messages };
}

const names = () => store.tracks().map(({ path }) => basename(path));

test('analyzes every file once, and afterwards only what has changed', async () => {
  await add();
  expect(names()).toEqual(['a.mp3', 'b.mp3', 'c.mp3']);
  expect(analyzed.sort()).toEqual(['a.mp3', 'b.mp3', 'c.mp3']);
  analyzed = [];
  await writeFile(at('b.mp3'), 'other audio');
  await writeFile(at('d.mp3'), 'audio of d');
  await utimes(at('c.mp3'), 1, 1);
  expect((await add()).outcomes.sort()).toEqual(['analyzed', 'analyzed', 'touched']);
  expect(analyzed.sort()).toEqual(['b.mp3', 'd.mp3']);
  expect((await add()).outcomes).toEqual([]);
});

test('stores the whole analysis', async () => {
  await add();
  const [track] = store.tracks();
  const wanted = analysisOf({ valence: 0.1, arousal: 0.2 }, { valence: 0.3, arousal: 0.4 });
  expect(track).toMatchObject({
    seconds: 180,
    bpm: 120,
    bpmFrom: 'estimate',
    keyFrom: 'estimate',
    loudness: -14,
  });
  expect(track!.ending).toEqual(wanted.ending);
  expect(track!.opening.path).toEqual(wanted.opening.path);
  expect(track!.opening.valence).toBeCloseTo(0.1);
  expect(track!.embedding).toEqual(wanted.embedding);
  expect(track!.curve.valence[359]).toBeCloseTo(0.3, 4);
});

test('recognizes a file that was moved and a copy, by their content', async () => {
  await add();
  const before = store.byPath(at('a.mp3'))!;
  analyzed = [];
  await rename(at('a.mp3'), at('z.mp3'));
  await writeFile(at('copy.mp3'), 'audio of b');
  expect((await add()).outcomes.sort()).toEqual(['copy', 'moved']);
  expect(analyzed).toEqual([]);
  expect(names()).toEqual(['b.mp3', 'c.mp3', 'copy.mp3', 'z.mp3']);
  expect(store.byPath(at('z.mp3'))!.id).toBe(before.id);
  expect(store.byPath(at('copy.mp3'))!.curve).toEqual(store.byPath(at('b.mp3'))!.curve);
});

test('a bad file is reported, not fatal, and not tried again until it changes', async () => {
  await writeFile(at('bad.mp3'), 'noise');
  const { outcomes, messages } = await add();
  expect(outcomes.filter((one) => one === 'analyzed')).toHaveLength(3);
  expect(messages).toEqual([`${at('bad.mp3')} has no audio.`]);
  expect((await add()).outcomes).toEqual([]);
  expect(store.failures().map(({ message }) => message)).toEqual(messages);
  await writeFile(at('bad.mp3'), 'other noise');
  expect((await add()).outcomes).toEqual(['failed']);
});

test('an interrupted run keeps what it has, and the next one does the rest', async () => {
  const stop = new AbortController();
  const onAnalyze = (path: string) => {
    if (path.endsWith('b.mp3')) stop.abort();
  };
  await add({ threads: 1, signal: stop.signal, onAnalyze });
  expect(names()).toEqual(['a.mp3']);
  analyzed = [];
  await add();
  expect(analyzed.sort()).toEqual(['b.mp3', 'c.mp3']);
  expect(names()).toEqual(['a.mp3', 'b.mp3', 'c.mp3']);
});

test('a file that is gone is missing, and there again when it returns', async () => {
  await add();
  await rename(at('a.mp3'), join(folder, 'a.mp3'));
  await add();
  expect(names()).toEqual(['b.mp3', 'c.mp3']);
  expect([...store.knownFiles().values()]).toHaveLength(3);
  await rename(join(folder, 'a.mp3'), at('a.mp3'));
  await add();
  expect(names()).toEqual(['a.mp3', 'b.mp3', 'c.mp3']);
  expect(analyzed).toHaveLength(3);
});

test('another model analyzes everything again; what was imported stays', async () => {
  await add();
  const facts = { bpm: 126, key: { tonic: 9, mode: 'minor' }, rating: 4, title: 'A', artist: null } as const;
  store.importFacts(store.byPath(at('a.mp3'))!.id, facts);
  analyzed = [];
  await add({ model: 'other' });
  expect(analyzed).toHaveLength(3);
  expect(store.byPath(at('a.mp3'))).toMatchObject({ bpm: 126, bpmFrom: 'import', rating: 4, model: 'other' });
});

test.runIf(process.platform === 'linux')(
  'names that are not UTF-8 are left out with a sentence each',
  async () => {
    const bytes = (...parts: readonly string[]) => Buffer.from(at(parts.join('/')), 'latin1');
    await mkdir(bytes('caf\xe9'));
    for (const path of [bytes('\xe9t\xe9.mp3'), bytes('caf\xe9', 'a.mp3'), bytes('caf\xe9', 'cover.jpg')])
      await writeFile(path, 'audio');
    const { changed, garbled } = await scan([at('')], store, 'test');
    expect(changed.map(({ path }) => basename(path))).toEqual(['a.mp3', 'b.mp3', 'c.mp3']);
    const reason = 'cannot be opened: its name, or that of its folder, is not UTF-8: rename it.';
    expect(garbled).toEqual([`${at('caf\uFFFD/a.mp3')} ${reason}`, `${at('\uFFFDt\uFFFD.mp3')} ${reason}`]);
    await expect(scan([`${bytes('\xe9t\xe9.mp3')}`], store, 'test')).rejects.toThrow(reason);
    const source = fileSource('file:', `${bytes('\xe9t\xe9.mp3')}`, { paced: false });
    await expect(collect(source.open(new AbortController().signal))).rejects.toThrow(reason);
  },
);

test('an error that concerns all files ends the work of all threads', async () => {
  let isFirst = true;
  const onAnalyze = () => {
    if (isFirst) {
      isFirst = false;
      throw new Error('The disk is full.');
    }
  };
  await expect(add({ onAnalyze })).rejects.toThrow('The disk is full.');
  await vi.waitFor(() => expect(analyzed).toHaveLength(1), { timeout: 60_000 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(analyzed).toHaveLength(1);
  expect(names()).toEqual([]);
  expect(store.failures()).toEqual([]);
});

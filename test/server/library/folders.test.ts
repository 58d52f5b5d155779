import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createClient } from '../../../src/client/index.ts';
import type { RecordingAnalyzer } from '../../../src/library/analysis/worker-analyzer.ts';
import { Folders } from '../../../src/server/library/folders.ts';
import { UserError } from '../../../src/user-error.ts';
import { analysisOf } from '../../library/library-tracks.ts';
import { collectingLogger } from '../../sinks/support.ts';
import { startServer, tempFolder, until } from '../support.ts';

/** A server that may use the folder `music`, with `names` in it; files with `bad` in their names cannot be analyzed. */
async function serve(names: readonly string[], hold: Promise<void> = Promise.resolve()) {
  const music = join(tempFolder(), 'music');
  mkdirSync(join(music, 'album'), { recursive: true });
  for (const name of names) writeFileSync(join(music, 'album', name), name);
  const analyzer: RecordingAnalyzer = {
    async analyze(path) {
      await hold;
      if (path.includes('bad')) throw new UserError('bad-file', `${path} is damaged.`);
      return analysisOf({ valence: 0.1, arousal: 0.2 });
    },
    close: async () => {},
  };
  const remote = { schemes: [], folders: [music], privateNetworks: new BlockList() };
  const server = await startServer({
    plan: { streams: [], alerts: [], keep: undefined, remote },
    libraryAnalyzer: () => analyzer,
  });
  const { library } = createClient({ url: server.url });
  const state = async () => (await library.folders()).scan?.state;
  return { server, library, music, state };
}

const soon = async (state: () => Promise<string | undefined>, wanted: string) => {
  let now: string | undefined;
  await until(() => {
    void state().then((value) => {
      now = value;
    });
    return now === wanted;
  }, wanted);
};

test('adds a folder, analyzes it, and removes it with its tracks', async () => {
  const { library, music, state } = await serve(['one.ogg', 'two.ogg', 'bad.ogg']);
  expect(await library.folders()).toEqual({ folders: [], allowed: [music], scan: null });
  const folder = join(music, 'album');
  expect(await library.addFolder(folder)).toMatchObject({ state: 'scanning', done: 0 });
  await soon(state, 'done');
  const { folders, scan } = await library.folders();
  expect(folders).toEqual([{ path: folder, tracks: 2, seconds: 360, missing: 0, failed: 1 }]);
  expect(scan).toEqual({ state: 'done', done: 3, total: 3, failed: 1, message: null });
  expect((await library.list()).total).toBe(2);

  await library.scan();
  await soon(state, 'done');
  expect((await library.folders()).scan).toMatchObject({ total: 0 });

  await library.removeFolder(folder);
  expect((await library.folders()).folders).toEqual([]);
  expect((await library.list()).total).toBe(0);
  await expect(library.removeFolder(folder)).rejects.toMatchObject({ status: 404, code: 'unknown-folder' });
  await expect(library.scan()).rejects.toMatchObject({ status: 409, code: 'no-folders' });
});

test('one scan at a time; it stops on request and continues with the next', async () => {
  let release = () => {};
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { library, music, state } = await serve(['one.ogg', 'two.ogg'], hold);
  await library.addFolder(music);
  await soon(state, 'analyzing');
  await expect(library.scan()).rejects.toMatchObject({ status: 409, code: 'library-busy' });
  await expect(library.removeFolder(music)).rejects.toMatchObject({ code: 'library-busy' });
  const stopped = library.stopScan();
  release();
  await stopped;
  expect(await state()).toBe('stopped');
  await library.scan();
  await soon(state, 'done');
  expect((await library.folders()).folders).toMatchObject([{ tracks: 2 }]);
});

test('a scan that the end of the program cut off continues with the next start, a stopped one does not', async () => {
  const music = tempFolder();
  for (const name of ['one.ogg', 'two.ogg']) writeFileSync(join(music, name), name);
  let release = () => {};
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  const analyze = () => hold.then(() => analysisOf({ valence: 0, arousal: 0 }));
  const file = join(tempFolder(), 'library.db');
  const start = () =>
    new Folders({
      ...{ file, model: 'undertone', allowed: () => [music], logger: collectingLogger().logger },
      createAnalyzer: () => ({ analyze, close: async () => {} }),
    });
  const isUnfinished = () => existsSync(`${file}.unfinished`);

  const first = start();
  first.add(music);
  await until(() => first.list().scan?.state === 'analyzing', 'the analysis');
  const closed = first.close();
  release();
  await closed;
  expect(isUnfinished()).toBe(true);

  const next = start();
  next.resume();
  expect(isUnfinished()).toBe(false); // Should a file end the program, it does so once.
  await until(() => next.list().scan?.state === 'done', 'the end');
  expect(next.list().folders).toMatchObject([{ tracks: 2 }]);
  expect(isUnfinished()).toBe(false);

  next.rescan();
  await next.stop();
  const last = start();
  last.resume();
  expect(last.list().scan).toBeNull();
});

test('a mark that cannot be written or removed, as on a disk that became read-only, ends no scan', async () => {
  const music = tempFolder();
  writeFileSync(join(music, 'one.ogg'), 'one');
  const file = join(tempFolder(), 'library.db');
  mkdirSync(`${file}.unfinished`);
  const { lines, logger } = collectingLogger();
  logger.level = 'debug';
  const folders = new Folders({
    ...{ file, model: 'undertone', allowed: () => [music], logger },
    createAnalyzer: () => ({
      analyze: async () => analysisOf({ valence: 0, arousal: 0 }),
      close: async () => {},
    }),
  });
  folders.add(music);
  await until(() => folders.list().scan?.state === 'done', 'the end');
  await until(() => lines.length === 3, 'a line for each attempt');
});

test('a folder outside those of the configuration is refused, whether it exists or not', async () => {
  const { library, music } = await serve([]);
  for (const path of [tempFolder(), '/no/such/folder', join(music, '..'), 'album', '/\0'])
    await expect(library.addFolder(path)).rejects.toMatchObject({ status: 403, code: 'folder-not-allowed' });
});

test('a server that analyzes no recordings explains that', async () => {
  const server = await startServer();
  const { library } = createClient({ url: server.url });
  await expect(library.scan()).rejects.toMatchObject({ code: 'no-library' });
});

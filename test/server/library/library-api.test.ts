import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createClient } from '../../../src/client/index.ts';
import { openLibrary } from '../../../src/library/store/library-database.ts';
import { TrackStore } from '../../../src/library/store/track-store.ts';
import { Library } from '../../../src/server/library/library.ts';
import { nextQuery } from '../../../src/server/library/schema.ts';
import type { StreamInfo } from '../../../src/types.ts';
import { analysisOf } from '../../library/library-tracks.ts';
import { frameOf, manualSource, startServer, tempFolder, until } from '../support.ts';

const TAGS = { album: null, genre: null, bpm: 120, key: null, rating: null };

/** Adds tracks whose means are the given valences; arousal is that of the first frame of `booth`. */
function addTracks(file: string, valences: Readonly<Record<string, number>>): void {
  const db = openLibrary(file, { create: true });
  const store = new TrackStore(db);
  for (const [title, valence] of Object.entries(valences)) {
    const point = { valence, arousal: frameOf('booth', 0).arousal! };
    store.put({
      file: { path: `/music/${title}.ogg`, size: 1, mtimeMs: 1 },
      hash: title,
      tags: { ...TAGS, title, artist: 'Anna' },
      analysis: analysisOf(point),
      model: 'test',
    });
  }
  db.close();
}

/** A server whose stream `booth` has received its first frame: valence 0. */
async function serve(dataDir = tempFolder()) {
  const { source, steps } = manualSource();
  const server = await startServer({ dataDir, sources: [{ name: 'booth', source }] });
  await steps(1);
  await until(() => server.hub.get('booth')?.last?.seq === 0, 'the first frame');
  const get = async (path: string) => {
    const response = await fetch(`${server.url}v1/${path}`);
    return { status: response.status, body: await response.json() };
  };
  return { server, steps, get, client: createClient({ url: server.url }), file: join(dataDir, 'library.db') };
}

test('lists the library, also what is added while the server runs', async () => {
  const { get, client, file } = await serve();
  const none = await get('library');
  expect(none).toMatchObject({ status: 404, body: { code: 'no-library' } });
  expect(JSON.stringify(none)).not.toContain('library.db'); // Where it would be is no business of clients.
  // Nothing can follow then: no error, as pages ask before anybody has made a library.
  const { valence, arousal } = frameOf('booth', 0);
  const nothing = { stream: 'booth', at: { valence, arousal }, candidates: [] };
  expect(await get('next?stream=booth')).toEqual({ status: 200, body: nothing });
  addTracks(file, { dark: -0.5, mid: 0, bright: 0.5 });
  const { total, tracks } = await client.library.list({ limit: 2 });
  expect(total).toBe(3);
  expect(tracks.map(({ title }) => title)).toEqual(['bright', 'dark']);
  expect(tracks[0]).toMatchObject({
    valence: 0.5,
    bpm: 120,
    bpmFrom: 'tag',
    key: 'Am',
    keyFrom: 'estimate',
    seconds: 180,
  });
  addTracks(file, { added: 0.1 });
  expect((await client.library.list({ q: 'ADD' })).tracks.map(({ path }) => path)).toEqual([
    '/music/added.ogg',
  ]);
  expect((await get('library?mood=bored')).status).toBe(400);
});

test('lists another library that was made after the first was removed', async () => {
  const { get, client, file } = await serve();
  addTracks(file, { old: 0 });
  expect((await client.library.list()).tracks).toMatchObject([{ title: 'old' }]);
  for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true });
  expect((await get('library')).status).toBe(404);
  addTracks(file, { new: 0 });
  expect((await client.library.list()).tracks).toMatchObject([{ title: 'new' }]);
});

test('next: candidates for what a stream plays, with reasons', async () => {
  const { get, client, file } = await serve();
  addTracks(file, { dark: -0.5, mid: 0.4, bright: 0.9 });
  const { stream, at, candidates } = await client.library.next('booth');
  const { valence, arousal } = frameOf('booth', 0);
  expect({ stream, at }).toEqual({ stream: 'booth', at: { valence, arousal } });
  expect(candidates).toHaveLength(3);
  expect(candidates[0]).toMatchObject({ score: expect.any(Number), reasons: [expect.any(String)], bpm: 120 });
  const darker = await client.library.next('booth', { target: '-0.6,0.8', limit: 1 });
  expect(darker.candidates.map(({ title }) => title)).toEqual(['dark']);
  const others = await client.library.next('booth', {
    target: '-0.6,0.8',
    exclude: ['/music/dark.ogg'],
    playing: '/music/mid.ogg',
  });
  expect(others.candidates.map(({ title }) => title)).toEqual(['bright']);
  expect(others.candidates[0]!.reasons).toContain('120 BPM, same tempo');
  for (const [query, status, code] of [
    ['stream=other', 404, 'unknown-stream'],
    ['stream=booth&target=sideways', 400, 'bad-target'],
    ['stream=booth&playing=99', 404, 'unknown-track'],
    ['stream=booth&tempo=-3', 400, 'bad-request'],
    ['', 400, 'bad-request'],
  ] as const)
    expect(await get(`next?${query}`)).toMatchObject({ status, body: { code } });
});

test('next: keys that are neither all nor neighbors are refused in words', () => {
  const result = nextQuery.safeParse({ stream: 'booth', keys: 'x' });
  expect(result.error?.issues.map(({ message }) => message)).toEqual(['expected all or neighbors']);
});

test('next: a stream without music has no candidates yet', async () => {
  const { get, steps, server, file } = await serve();
  addTracks(file, { mid: 0 });
  await steps(6); // frame 6 is silence
  await until(() => server.hub.get('booth')?.last?.seq === 6, 'silence');
  expect(await get('next?stream=booth')).toMatchObject({ status: 409, body: { code: 'no-reading' } });
});

test('next: the titles that a station names tell what plays and what was played', () => {
  const file = join(tempFolder(), 'library.db');
  addTracks(file, { dark: -0.5, mid: 0.4, bright: 0.9 });
  const info = { source: 'https://radio.example/live', last: frameOf('radio', 0) } as StreamInfo;
  const library = new Library({ file, hub: { get: () => info, folderOf: () => undefined } });
  const query = nextQuery.parse({ stream: 'radio' });
  const paths = () => library.next(query).candidates.map(({ path }) => path);
  expect(paths()).toHaveLength(3);
  expect(library.next(query).candidates[0]!.reasons).toHaveLength(1); // Nothing is known of tempo and key.
  library.noteTitle('radio', 'DARK', 'anna');
  library.noteTitle('radio', 'Mid', null);
  library.noteTitle('radio', 'bright', 'Somebody else');
  library.noteTitle('other', 'bright', 'Anna');
  expect(paths()).toEqual(['/music/bright.ogg']);
  library.noteTitle('radio', 'Mid', 'Anna');
  expect(library.next(query).candidates[0]!.reasons).toContain('120 BPM, same tempo');
  library.close();
});

test.each([
  'file:/music/dark.ogg?loop=1',
  'FILE:///music/dark.ogg',
  'file:///music/a%20song,%20%C3%A4.ogg?loop=1',
  'file:/music/a song, ä.ogg',
  'file:/music/Why? Because.ogg',
])('next: does not repeat the file that plays: %s', (source) => {
  const file = join(tempFolder(), 'library.db');
  addTracks(file, { dark: -0.5, 'a song, ä': 0.4, 'Why? Because': 0.9 });
  const info = { source, last: frameOf('booth', 0) } as StreamInfo;
  const library = new Library({ file, hub: { get: () => info, folderOf: () => undefined } });
  expect(library.next(nextQuery.parse({ stream: 'booth' })).candidates).toHaveLength(2);
  library.close();
});

test('next: a relative path in the configuration starts at its folder', async () => {
  const dataDir = tempFolder();
  const spec = { uri: 'file:dark.ogg', folder: '/music', playlists: true, persistent: true };
  const { source, steps } = manualSource(spec.uri);
  const described = { ...source, spec };
  const server = await startServer({ dataDir, sources: [{ name: 'booth', source: described }] });
  await steps(1);
  await until(() => server.hub.get('booth')?.last?.seq === 0, 'the first frame');
  addTracks(join(dataDir, 'library.db'), { dark: -0.5, mid: 0.4 });
  const response = await fetch(`${server.url}v1/next?stream=booth`);
  expect(await response.json()).toMatchObject({ candidates: [{ path: '/music/mid.ogg' }] });
});

test('next: the titles of a stream that is no longer listed are forgotten', () => {
  const file = join(tempFolder(), 'library.db');
  addTracks(file, { dark: -0.5, mid: 0.4, bright: 0.9 });
  const info = { source: 'https://radio.example/live', last: frameOf('radio', 0) } as StreamInfo;
  const listed = new Set(['radio', 'other']);
  const hub = { get: (name: string) => (listed.has(name) ? info : undefined), folderOf: () => undefined };
  const library = new Library({ file, hub });
  const count = () => library.next(nextQuery.parse({ stream: 'radio' })).candidates.length;
  library.noteTitle('radio', 'Mid', 'Anna');
  library.noteTitle('other', 'dark', 'Anna');
  expect(count()).toBe(2);
  listed.delete('radio');
  library.noteTitle('third', 'dark', 'Anna');
  listed.add('radio');
  expect(count()).toBe(3);
  library.close();
});

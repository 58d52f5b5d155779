import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importCollection } from '../../../src/library/exchange/import-collection.ts';
import { readCollection } from '../../../src/library/exchange/read-collection.ts';
import { readRekordbox, rekordboxXml } from '../../../src/library/exchange/rekordbox.ts';
import { NO_TAGS } from '../../../src/library/file-tags.ts';
import { parseKey } from '../../../src/library/music/musical-key.ts';
import { openLibrary } from '../../../src/library/store/library-database.ts';
import { TrackStore } from '../../../src/library/store/track-store.ts';
import { analysisOf, libraryTrack } from '../library-tracks.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-collections-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, text: string) {
  await writeFile(join(folder, name), text);
  return readCollection(join(folder, name));
}

const WANTED = { bpm: 126, key: parseKey('8A'), rating: 4, title: 'A & B', artist: 'Anna' };

describe('readCollection', () => {
  test('reads Rekordbox XML', async () => {
    const tracks = await read(
      'rekordbox.xml',
      `<?xml version="1.0" encoding="UTF-8"?><DJ_PLAYLISTS Version="1.0.0"><COLLECTION Entries="2">
        <TRACK TrackID="1" Name="A &amp; B" Artist="Anna" AverageBpm="126.00" Tonality="Am" Rating="204" Location="file://localhost/C:/Music/a%20b.mp3"/>
        <TRACK TrackID="2" Name="" AverageBpm="0.00" Rating="0" Location="file://localhost/Users/anna/c.mp3"/>
        </COLLECTION><PLAYLISTS><NODE Type="1"><TRACK Key="1"/></NODE></PLAYLISTS></DJ_PLAYLISTS>`,
    );
    const nothing = { bpm: null, key: null, rating: null, title: null, artist: null };
    expect(tracks).toEqual([
      { path: 'C:/Music/a b.mp3', ...WANTED },
      { path: '/Users/anna/c.mp3', ...nothing },
    ]);
  });

  test('reads Traktor NML', async () => {
    const tracks = await read(
      'collection.nml',
      `<?xml version="1.0" encoding="UTF-8" standalone="no" ?><NML VERSION="19"><COLLECTION ENTRIES="2">
        <ENTRY TITLE="A &amp; B" ARTIST="Anna"><LOCATION DIR="/:Users/:anna/:Music/:" FILE="a.mp3" VOLUME="Macintosh HD"></LOCATION>
          <INFO KEY="8m" RANKING="204"></INFO><TEMPO BPM="126.000000"></TEMPO><MUSICAL_KEY VALUE="21"></MUSICAL_KEY>
          <CUE_V2 NAME="x" TYPE="0"></CUE_V2></ENTRY>
        <ENTRY TITLE="Two"><LOCATION DIR="/:Music/:" FILE="b.mp3" VOLUME="C:"></LOCATION><INFO KEY="1d"></INFO></ENTRY></COLLECTION>
        <PLAYLISTS><NODE><PLAYLIST><ENTRY><PRIMARYKEY TYPE="TRACK" KEY="x"></PRIMARYKEY></ENTRY></PLAYLIST></NODE></PLAYLISTS></NML>`,
    );
    expect(tracks).toEqual([
      { path: '/Users/anna/Music/a.mp3', ...WANTED },
      { path: 'C:/Music/b.mp3', bpm: null, key: parseKey('8B'), rating: null, title: 'Two', artist: null },
    ]);
  });

  test('reads the database of Mixxx, without what was deleted there', async () => {
    const file = join(folder, 'mixxxdb.sqlite');
    const db = new Database(file);
    db.exec(`CREATE TABLE track_locations (id INTEGER PRIMARY KEY, location TEXT);
      CREATE TABLE library (id INTEGER PRIMARY KEY, artist TEXT, title TEXT, location INTEGER, bpm FLOAT, key TEXT, rating INTEGER, mixxx_deleted INTEGER);
      INSERT INTO track_locations VALUES (1, '/music/a.mp3'), (2, '/music/b.mp3');
      INSERT INTO library VALUES (1, 'Anna', 'A & B', 1, 126.0, 'Am', 4, 0), (2, NULL, NULL, 2, 0, '', 0, 1);`);
    db.close();
    expect(await readCollection(file)).toEqual([{ path: '/music/a.mp3', ...WANTED }]);
  });

  test.each([
    [
      'list.m3u',
      '#EXTM3U\na.mp3\n',
      /is not a collection: expected Rekordbox XML, .* playlists go to "undertone library add"/,
    ],
    ['bad.xml', '<DJ_PLAYLISTS><COLLECTION>', /is not valid XML/],
    ['other.sqlite', 'SQLite format 3\0', /is not a database of Mixxx/],
  ])('refuses %s in one sentence', async (name, text, message) => {
    await expect(read(name, text)).rejects.toThrow(message);
  });

  test('refuses a file that does not exist', async () => {
    await expect(readCollection(join(folder, 'none.xml'))).rejects.toThrow('cannot be read (ENOENT)');
  });
});

test('facts go to the track at the path, or to the only one of that name', () => {
  const db = openLibrary(join(folder, 'library.db'), { create: true });
  const store = new TrackStore(db);
  for (const path of ['/music/a.mp3', '/music/b.mp3', '/music/1/same.mp3', '/music/2/same.mp3'])
    store.put({
      file: { path, size: 1, mtimeMs: 1 },
      hash: path,
      tags: NO_TAGS,
      analysis: analysisOf({ valence: 0, arousal: 0 }),
      model: 'test',
    });
  const facts = { bpm: 126, key: parseKey('8A')!, rating: 4, title: 'A', artist: null };
  const paths = ['/music/a.mp3', 'C:/Elsewhere/B.mp3', '/other/same.mp3', '/music/none.mp3'];
  expect(
    importCollection(
      paths.map((path) => ({ path, ...facts })),
      store,
    ),
  ).toEqual({
    matched: 2,
    unknown: ['/other/same.mp3', '/music/none.mp3'],
  });
  expect(store.byPath('/music/b.mp3')).toMatchObject({ bpm: 126, bpmFrom: 'import', rating: 4, title: 'A' });
  expect(store.byPath('/music/1/same.mp3')).toMatchObject({ bpm: 120, bpmFrom: 'estimate', rating: null });
  db.close();
});

test('what is exported for Rekordbox is read again, with the mood as comment, color and playlist', () => {
  const tracks = [
    libraryTrack(
      'one & only',
      { valence: 0.3, arousal: -0.3 },
      { valence: 0.3, arousal: -0.3 },
      { rating: 5, path: '/music/ä b.mp3' },
    ),
    libraryTrack(
      'two',
      { valence: 0, arousal: 0 },
      { valence: 0, arousal: 0 },
      { bpm: null, key: null, artist: 'A\u0002nna' },
    ),
  ];
  const xml = rekordboxXml(tracks);
  expect(readRekordbox(xml, 'export.xml')).toEqual([
    { path: '/music/ä b.mp3', bpm: 120, key: parseKey('8A'), rating: 5, title: 'one & only', artist: null },
    { path: '/music/two.ogg', bpm: null, key: null, rating: null, title: 'two', artist: 'Anna' },
  ]);
  expect(xml).toContain('Comments="calm, valence 0.30, arousal -0.30" Colour="0x00FF00"');
  expect(xml).toContain('<NODE Type="1" Name="calm" KeyType="0" Entries="1">');
});

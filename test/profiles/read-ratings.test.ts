import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRatings } from '../../src/profiles/ratings/read-ratings.ts';
import { tempFolder } from '../server/support.ts';

const options = { scale: { low: -1, high: 1 }, axis: 'arousal' } as const;

function fileWith(content: string | Uint8Array): string {
  const file = join(tempFolder(), 'ratings');
  writeFileSync(file, content);
  return file;
}

describe('ratings from CSV', () => {
  const CSV = 'file,valence,arousal\na.ogg,0.5,-1\n"b, live.mp3",,0.25\nc.ogg,,\n';
  const expected = [
    { file: 'a.ogg', valence: 0.5, arousal: -1 },
    { file: 'b, live.mp3', valence: null, arousal: 0.25 },
  ];

  test('are read in UTF-8 and UTF-16; an empty cell is no rating', async () => {
    expect(await readRatings(fileWith(CSV), options)).toEqual(expected);
    expect(await readRatings(fileWith(`\ufeff${CSV}`), options)).toEqual(expected);
    const utf16 = Buffer.from(`\ufeff${CSV.replaceAll('\n', '\r\n')}`, 'utf16le');
    expect(await readRatings(fileWith(utf16), options)).toEqual(expected);
  });

  test('may have semicolons or tabs between columns, with decimal commas', async () => {
    const excel = 'file;valence;arousal\r\na.ogg;0,5;-1\r\n"b, live.mp3";;0,25\r\n';
    expect(await readRatings(fileWith(excel), options)).toEqual(expected);
    expect(await readRatings(fileWith(excel.replaceAll(';', '\t')), options)).toEqual(expected);
  });

  test('may rate one axis only, on a scale of their own', async () => {
    const csv = 'arousal,file\n1,a\n5,b\n9,c\n';
    const ratings = await readRatings(fileWith(csv), { ...options, scale: { low: 1, high: 9 } });
    expect(ratings.map(({ arousal }) => arousal)).toEqual([-1, 0, 1]);
    expect(ratings.every(({ valence }) => valence === null)).toBe(true);
  });

  test.each([
    ['file,valence\na.ogg,7\n', 'rates a.ogg with the valence 7, outside -1 to 1'],
    ['file,valence\na.ogg,high\n', 'has "high" in column valence'],
    ['file,mood\na.ogg,calm\n', 'lacks the columns valence and arousal'],
    ['name,valence\na.ogg,1\n', 'lacks the column file'],
    ['file,valence\n', 'has no ratings: rate 10 to 40 pieces'],
  ])('are refused in one sentence: %j', async (csv, message) => {
    await expect(readRatings(fileWith(csv), options)).rejects.toThrow(message);
  });
});

describe('ratings from Rekordbox', () => {
  const XML = `<?xml version="1.0" encoding="UTF-8"?>
<DJ_PLAYLISTS Version="1.0.0">
  <COLLECTION Entries="4">
    <TRACK TrackID="1" Name="A &amp; B" Rating="255" Location="file://localhost/C:/Music/A%20%26%20B.mp3"/>
    <TRACK TrackID="2" Name="C" Rating="51" Location="file://localhost/Users/dj/100%25.mp3"/>
    <TRACK TrackID="3" Name="D" Rating="153" Location="file://localhost/Users/dj/%E9.mp3"/>
    <TRACK TrackID="4" Name="E" Rating="0" Location="file://localhost/Users/dj/e.mp3"/>
  </COLLECTION>
  <PLAYLISTS><NODE Type="1"><TRACK Key="1" Rating="255"/></NODE></PLAYLISTS>
</DJ_PLAYLISTS>`;

  test('are the stars of the collection, on one axis', async () => {
    expect(await readRatings(fileWith(XML), options)).toEqual([
      { file: 'C:/Music/A & B.mp3', valence: null, arousal: 1 },
      { file: '/Users/dj/100%.mp3', valence: null, arousal: -1 },
      { file: '/Users/dj/%E9.mp3', valence: null, arousal: 0 },
    ]);
    const [first] = await readRatings(fileWith(XML), { ...options, axis: 'valence' });
    expect(first).toMatchObject({ valence: 1, arousal: null });
  });

  test('are refused in one sentence when the file is damaged', async () => {
    await expect(readRatings(fileWith(XML.slice(0, 400)), options)).rejects.toThrow('is not valid XML');
  });
});

test('a file that does not exist is one sentence', async () => {
  await expect(readRatings('/does/not/exist.csv', options)).rejects.toThrow('cannot be read (ENOENT)');
});

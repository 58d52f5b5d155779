import { expect, test } from 'vitest';
import { type Dataset, readDataset } from '../../../lab/datasets/dataset.ts';
import { songKey } from '../../../lab/datasets/song.ts';
import { partOf } from '../../../lab/datasets/split.ts';
import { UserError } from '../../../src/user-error.ts';
import { makeData } from '../train/made-up-data.ts';
import { DEAM, EMO_MUSIC, EMOTIFY, merp, PMEMO, type Tree, without, writeTree } from './made-up-layouts.ts';

async function errorOf(tree: Tree): Promise<string> {
  const error = await readDataset(await writeTree(tree)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).code).toBe('bad-data');
  return (error as UserError).message;
}

function songOf({ clips }: Dataset, id: string) {
  return clips.find(({ song }) => song.id === id)!.song;
}

test('reads DEAM with all archives in one folder', async () => {
  const data = await readDataset(await writeTree(DEAM));
  expect(
    data.clips.map(({ song, file, startMs }) => [song.id, song.artist, song.year, file, startMs]),
  ).toEqual([
    ['2', 'The New Mystikal Troubadours', 2013, 'MEMD_audio/2.wav', 0],
    ['1001', 'Someone Else', 2014, 'MEMD_audio/1001.wav', 0],
    ['2001', 'The Third', 2015, 'MEMD_audio/2001.wav', 0],
  ]);
  expect(songOf(data, '2')).toMatchObject({ title: 'Tonight, A Lonely Century', genre: 'Blues' });
  expect(data.label(songOf(data, '2'), 15500)).toEqual({ valence: 0.2, arousal: -0.2 });
  expect(data.label(songOf(data, '2'), 16000)).toBeUndefined();
  expect(data.label(songOf(data, '1001'), 16000)).toEqual({ valence: -0.7, arousal: 0.7 });
  expect(data.about[1]).toBe('DEAM: 1 of 4 songs have no audio file and are left out.');
});

test('reads DEAM with each archive in its own folder', async () => {
  const moved = Object.entries(DEAM).map(([path, content]) => {
    if (path.startsWith('MEMD_audio')) return [`DEAM_audio/${path}`, content];
    return path.startsWith('annotations') ? [`DEAM_Annotations/${path}`, content] : [path, content];
  });
  expect((await readDataset(await writeTree(Object.fromEntries(moved)))).clips).toHaveLength(3);
});

test('reads emoMusic with the standard deviation of its listeners', async () => {
  const data = await readDataset(await writeTree(EMO_MUSIC));
  expect(data.clips.map(({ song }) => [song.id, song.artist, song.year])).toEqual([
    ['2', 'The New Mystikal Troubadours', 2013],
    ['7', 'Kevin MacLeod', 2013],
  ]);
  expect(data.label(songOf(data, '7'), 15500)).toEqual({
    valence: -0.5,
    arousal: 0.5,
    valenceSd: 0.11,
    arousalSd: 0.21,
  });
});

test('reads PMEmo and rescales its labels from 0 … 1', async () => {
  const data = await readDataset(await writeTree(PMEMO));
  expect(data.clips.map(({ song }) => [song.id, song.artist])).toEqual([
    ['pmemo-1', 'Someone Else'],
    ['pmemo-4', 'Björk'],
  ]);
  const song = songOf(data, 'pmemo-1');
  expect(data.label(song, 15000)).toEqual({ valence: 0, arousal: 0.5, valenceSd: 0.4, arousalSd: 0.2 });
  expect(data.label(song, 15500)).toMatchObject({ valence: -1, arousal: 1 });
  expect(data.label(song, 14500)).toBeUndefined();
  expect(data.about[1]).toContain('1 of 3 songs have no labels');
});

test('reads raw MERP ratings: rescales each rater, leaves out inactive raters and broken-off trials', async () => {
  const data = await readDataset(await writeTree(merp('annotations_raw.parquet')));
  expect(data.clips.map(({ song }) => song.id)).toEqual(['merp-00_35']); // without DEAM's song and the song of the inactive rater
  const song = songOf(data, 'merp-00_35');
  // Both raters are now one ramp from -1 to 1 over 20 ratings; a label is the mean of five.
  const mean = (from: number) => -1 + (2 * (from + 2)) / 19;
  for (const [i, ms] of [500, 1000, 1500, 2000].entries()) {
    expect(data.label(song, ms)!.valence).toBeCloseTo(mean(5 * i), 6);
    expect(data.label(song, ms)!.arousal).toBeCloseTo(-mean(5 * i), 6);
  }
  expect(data.label(song, 2500)).toBeUndefined();
  expect(data.about.join(' ')).toMatch(/1 songs are DEAM's.*/);
});

test('reads filtered MERP ratings without changes', async () => {
  const data = await readDataset(await writeTree(merp('annotations_filtered.parquet')));
  const { valence } = data.label(songOf(data, 'merp-00_35'), 1000)!;
  expect(valence).toBeCloseTo(((-1 + 14 / 19) * 1 + (-0.5 + 7 / 19)) / 2, 6);
});

test('reads MERP as tables', async () => {
  const csv = (x: number) => `song_id,sample_500ms,sample_1000ms\n00_35,${x},${-x}\n`;
  const tables = {
    'annotations/valence.csv': csv(0.2),
    'annotations/arousal.csv': csv(0.4),
    'audio/00_35.wav': 1,
  };
  const data = await readDataset(await writeTree(tables));
  expect(data.label(songOf(data, 'merp-00_35'), 1000)).toEqual({ valence: -0.2, arousal: -0.4 });
});

test('reads the felt emotions of Emotify as auxiliary targets', async () => {
  const data = await readDataset(await writeTree(EMOTIFY));
  expect(data.clips.map(({ song, file }) => [song.id, file])).toEqual([
    ['emotify-1', 'emotifymusic/classical/1.wav'],
    ['emotify-400', 'emotifymusic/rock/100.wav'],
  ]);
  const [classical, rock] = ['emotify-1', 'emotify-400'].map((id) => data.tags(songOf(data, id))!);
  expect(data.hasLabels(songOf(data, 'emotify-1'))).toBe(false);
  expect(data.tagCount).toBe(9);
  const [calmness, power] = [4, 5];
  expect(classical![calmness]).toBeCloseTo(1, 5); // standardized over two songs
  expect(rock![calmness]).toBeCloseTo(-1, 5);
  expect(rock![power]).toBeCloseTo(1, 5);
});

test('joins several sets: shared songs once, artists matched by name, auxiliary targets of all', async () => {
  const folders = [
    await writeTree(DEAM),
    await writeTree(EMO_MUSIC),
    await writeTree(PMEMO),
    await writeTree(EMOTIFY),
    await makeData(3),
  ];
  const data = await readDataset(folders);
  const keys = data.clips.map(({ song }) => songKey(song));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.filter((key) => key.startsWith('2/'))).toHaveLength(2); // the song 2 that DEAM and emoMusic share, and song 2 of another set
  const shared = songOf(data, '2');
  expect(data.label(shared, 15000)).toEqual({ valence: 0.1, arousal: -0.1 }); // the first folder counts
  const other = data.clips.find(({ song }) => songKey(song) === '2/artist2')!.song;
  expect(data.label(other, 15000)).not.toEqual(data.label(shared, 15000));
  expect(partOf(songOf(data, '1001'))).toBe(partOf(songOf(data, 'pmemo-1'))); // both by Someone Else
  expect(data.tags(shared)).toBeUndefined();
  expect(data.tags(songOf(data, 'emotify-1'))).toHaveLength(9);
  expect(data.about.filter((line) => line.includes('(layout'))).toHaveLength(5);
});

test.each<[string, Tree, RegExp]>([
  [
    'DEAM without audio',
    without(DEAM, 'MEMD_audio'),
    /DEAM lacks MEMD_audio .*DEAM_audio\.zip.*cvml\.unige\.ch/,
  ],
  ['DEAM without metadata', without(DEAM, 'metadata'), /lacks metadata\/metadata_2013\.csv/],
  [
    'DEAM without matching audio',
    { ...without(DEAM, 'MEMD_audio'), 'MEMD_audio/9.wav': 1 },
    /no song with both/,
  ],
  ['emoMusic without audio', without(EMO_MUSIC, 'clips'), /emoMusic lacks .*clips_45seconds.*emoMusic\//],
  ['emoMusic without songs', without(EMO_MUSIC, 'annotations/songs_info'), /songs_info\.csv/],
  ['PMEmo without audio', without(PMEMO, 'PMEmo2019/chorus'), /PMEmo lacks chorus .*HuiZhangDB\/PMEmo/],
  [
    'MERP without audio',
    without(merp('annotations_raw.parquet'), 'audio'),
    /MERP lacks audio .*amaai-lab\/MERP/,
  ],
  [
    'MERP with another file of that name',
    { 'audio/00_1.wav': 1, 'annotations_raw.parquet': 'x' },
    /cannot be read/,
  ],
  ['Emotify without audio', without(EMOTIFY, 'emotifymusic'), /Emotify lacks .*emotifymusic\.zip/],
  [
    'a folder without a data set',
    { 'readme.txt': 'hello' },
    /has none of clips\.csv \(undertone\), .*PMEmo.*docs\/training\.md/,
  ],
])('rejects %s', async (_, tree, sentence) => {
  expect(await errorOf(tree)).toMatch(sentence);
});

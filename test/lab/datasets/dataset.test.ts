import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { readDataset } from '../../../lab/datasets/dataset.ts';
import { UserError } from '../../../src/user-error.ts';
import { makeData } from '../train/made-up-data.ts';

let folder: string;

beforeEach(async () => {
  folder = await makeData(3);
});

async function readError(): Promise<UserError> {
  const error = await readDataset(folder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).code).toBe('bad-data');
  return error as UserError;
}

test('reads clips, songs and labels', async () => {
  const data = await readDataset(folder);
  expect(data.clips.map(({ file, startMs, song }) => [file, startMs, song.artist])).toEqual([
    ['audio/1.wav', 15000, 'Artist 1'],
    ['audio/2.wav', 15000, 'Artist 2'],
    ['audio/3.wav', 15000, 'Artist 3'],
  ]);
  const { song } = data.clips[0]!;
  expect(data.label(song, 15500)).toEqual(data.label(song, 16000));
  expect(data.label(song, 15499)).toBeUndefined();
  expect(data.tagCount).toBe(0);
});

test('reads mood tags as standardized logits', async () => {
  await writeFile(join(folder, 'mood_tags.csv'), 'song_id,sad,happy\n1,0.5,0.1\n2,0.9,0.1\n3,0.1,0.1\n');
  const data = await readDataset(folder);
  expect(data.tagCount).toBe(2);
  const sad = data.clips.map(({ song }) => data.tags(song)![0]!);
  expect(sad[0]).toBeCloseTo(0, 6);
  expect(sad[1]! + sad[2]!).toBeCloseTo(0, 6);
  expect((sad[1]! ** 2 * 2) / 3).toBeCloseTo(1, 6);
});

test('rejects a folder without a data set and a missing folder', async () => {
  folder = await mkdtemp(join(tmpdir(), 'undertone-none-'));
  expect((await readError()).message).toMatch(/has none of clips\.csv \(undertone\).*docs\/training\.md/);
  folder = join(folder, 'nowhere');
  expect((await readError()).message).toMatch(/^There is no folder .*nowhere: name the one that holds/);
});

test('rejects a clip of an unknown song', async () => {
  await appendFile(join(folder, 'clips.csv'), '99,audio/1.wav,15000\n');
  expect((await readError()).message).toContain('names song 99, which songs.csv lacks');
});

test('rejects a clip without audio', async () => {
  await rm(join(folder, 'audio', '2.wav'));
  expect((await readError()).message).toContain('2.wav is missing');
});

test('rejects a clip without labels', async () => {
  await writeFile(join(folder, 'dynamic.csv'), 'song_id,time_ms,valence,arousal\n1,15500,0,0\n');
  expect((await readError()).message).toContain('no label for song 2');
});

test('rejects labels on another scale', async () => {
  await appendFile(join(folder, 'dynamic.csv'), '1,99000,7.5,3\n');
  expect((await readError()).message).toContain('outside -1 … 1');
});

test('rejects a label that is not a number', async () => {
  await appendFile(join(folder, 'dynamic.csv'), '1,99000,calm,0\n');
  expect((await readError()).message).toContain('"calm"');
});

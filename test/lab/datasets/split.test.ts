import { expect, test } from 'vitest';
import { artistKey } from '../../../lab/datasets/song.ts';
import { partOf, splitSongs } from '../../../lab/datasets/split.ts';
import { evaluationParts } from '../../../lab/evaluate/parts.ts';

const songs = Array.from({ length: 2000 }, (_, i) => ({ id: String(i), artist: `Artist ${i % 700}` }));
const clipOf = (song: (typeof songs)[number]) => ({ song, path: '', file: '', startMs: 0 });

test('all songs of an artist are in the same part, whatever the spelling of the name', () => {
  for (const song of songs.slice(0, 700)) {
    expect(partOf({ id: 'x', artist: song.artist.toUpperCase().replace(' ', ' - ') })).toBe(partOf(song));
  }
  expect(artistKey('Björk')).toBe(artistKey('BJORK'));
  expect(artistKey('東京')).not.toBe(artistKey('大阪'));
});

test('about 20 % of the songs are held out and 12 % are for validation', () => {
  const split = splitSongs(songs);
  expect(split['held-out'].length / songs.length).toBeCloseTo(0.2, 1);
  expect(split.validation.length / songs.length).toBeCloseTo(0.12, 1);
  expect(split.train.length + split.validation.length + split['held-out'].length).toBe(songs.length);
});

test('held-out songs are evaluated separately first', () => {
  const split = splitSongs(songs);
  const [heldOut, all] = evaluationParts(songs.map(clipOf), split, 'all');
  expect(heldOut!.clips.length).toBe(split['held-out'].length);
  expect(all!.clips.length).toBe(songs.length);
  expect(all!.about).toContain(`trained on ${split.train.length}`);
});

test('a song of an unknown artist is held out, even with the id of a training song', () => {
  const split = splitSongs(songs);
  const unknown = songs.map(({ id }) => clipOf({ id, artist: `Stranger ${id}` }));
  const parts = evaluationParts(unknown, split, 'all');
  expect(parts.map(({ name, clips }) => [name, clips.length])).toEqual([['all', songs.length]]);
  expect(parts[0]!.about).toContain('Held-out');
  expect(() => evaluationParts(unknown, split, 'train')).toThrow('--split all');
});

test('without a split the report states that it is unknown', () => {
  expect(evaluationParts(songs.map(clipOf), undefined, 'held-out')[0]!.about).toContain('unknown');
});

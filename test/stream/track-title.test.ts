import { describe, expect, it } from 'vitest';
import { decodeTitle, icyTitle, NO_TITLE, trackTitle } from '../../src/stream/track-title.ts';

describe('a text is split into artist and title', () => {
  it.each([
    ['Kino - Gruppa krovi', 'Kino', 'Gruppa krovi'],
    ['A-ha - Take On Me', 'A-ha', 'Take On Me'],
    ['Husky Rescue – Caravan', 'Husky Rescue', 'Caravan'],
    ['Bach - Suite 1 - Prelude', 'Bach', 'Suite 1 - Prelude'],
    ['The news', null, 'The news'],
    ['Half-time', null, 'Half-time'],
    [' - Untitled', null, '- Untitled'],
    ['  two \n lines\0\0 ', null, 'two lines'],
  ])('%j', (text, artist, title) => {
    expect(trackTitle(text)).toEqual({ artist, title });
  });

  it('unless the artist is known', () => {
    expect(trackTitle('Suite 1 - Prelude', 'Bach')).toEqual({ artist: 'Bach', title: 'Suite 1 - Prelude' });
  });

  it('and cut if it is very long', () => {
    expect(trackTitle('x'.repeat(5000)).title).toHaveLength(300);
  });
});

/** Bytes of Windows-1251 or Windows-1252, which TextEncoder does not write. */
function encode(text: string, encoding: string): Uint8Array {
  const all = new TextDecoder(encoding).decode(
    Uint8Array.from({ length: 256 }, (_, i) => i),
    { stream: true },
  );
  return Uint8Array.from([...text], (character) => all.indexOf(character));
}

describe('the encoding of a title is detected', () => {
  it.each([
    'Кино - Группа крови',
    'Земфира - Хочешь?',
    'Алла Пугачёва - Миллион алых роз',
    'БИ-2 - Мой рок-н-ролл',
    'Linkin Park - Numb (Русская версия)',
    'Radio: Ой',
  ])('Windows-1251: %s', (text) => {
    expect(decodeTitle(encode(text, 'windows-1251'))).toBe(text);
  });

  it.each([
    'Björk - Jóga',
    'Beyoncé - Déjà Vu',
    'Sigur Rós - Ágætis byrjun',
    "Céline Dion - Où s'en va ton cœur",
    'Die Ärzte - Männer sind Schweine',
    'Røyksopp – Så lenge',
    'Toto - La vie est à moi',
  ])('Latin-1, as Windows-1252: %s', (text) => {
    expect(decodeTitle(encode(text, 'windows-1252'))).toBe(text);
  });

  it.each(['Кино - Группа крови', 'Björk - Jóga', '宇多田ヒカル - First Love', 'Plain'])(
    'UTF-8: %s',
    (text) => {
      expect(decodeTitle(new TextEncoder().encode(text))).toBe(text);
    },
  );
});

describe('a metadata block of the ICY protocol', () => {
  const block = (text: string) => Buffer.from(`${text}\0\0\0`, 'utf8');
  it.each([
    ["StreamTitle='Artist - Song';", { artist: 'Artist', title: 'Song' }],
    ["StreamTitle='Artist - Song';StreamUrl='https://x.example/';", { artist: 'Artist', title: 'Song' }],
    ["StreamTitle='Guns N' Roses - Don't Cry; live';", { artist: "Guns N' Roses", title: "Don't Cry; live" }],
    ["StreamTitle='Artist - Song'", { artist: 'Artist', title: 'Song' }],
    ["StreamTitle='&#1050;&#1080;&#1085;&#1086; - R&amp;B';", { artist: 'Кино', title: 'R&B' }],
    ["StreamTitle='';", NO_TITLE],
    ["StreamUrl='';", undefined],
  ])('%s', (text, track) => {
    expect(icyTitle(block(text))).toEqual(track);
  });
});

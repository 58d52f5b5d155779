import { expect, test } from 'vitest';
import { counted } from '../../src/util/counted.ts';
import { printable } from '../../src/util/printable.ts';
import { textTable } from '../../src/util/text-table.ts';

test('control characters of names are escaped, other text is not', () => {
  expect(printable('a\nb\t\u001b[31m\u007f\u009b\u202e.mp3')).toBe(
    'a\\nb\\t\\u001b[31m\\u007f\\u009b\\u202e.mp3',
  );
  expect(printable('Ärzte – 日本 "é" 🎵')).toBe('Ärzte – 日本 "é" 🎵');
});

test('a table keeps a name on its line', () => {
  expect(textTable([['track'], ['a\nb\u001b[2J.mp3']], { align: 'l' })).toBe('track\na\\nb\\u001b[2J.mp3');
});

test('one is singular', () => {
  expect([0, 1, 2].map((n) => counted(n, 'file'))).toEqual(['0 files', '1 file', '2 files']);
});

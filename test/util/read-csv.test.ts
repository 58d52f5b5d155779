import { expect, test } from 'vitest';
import { numberIn, parseCsv } from '../../src/util/read-csv.ts';

test('quoted fields may contain commas, quotes and line ends', () => {
  const text = 'song_id,title\r\n1,"Yes, ""no"""\r\n2,"two\nlines"\r\n3,\r\n';
  expect(parseCsv(text, 'songs.csv', ['song_id', 'title'])).toEqual([
    { song_id: '1', title: 'Yes, "no"' },
    { song_id: '2', title: 'two\nlines' },
    { song_id: '3', title: '' },
  ]);
});

test('a byte order mark and a missing last line end are accepted', () => {
  expect(parseCsv('\uFEFFa,b\n1,2', 'x.csv', ['a'])).toEqual([{ a: '1', b: '2' }]);
});

test.each(['utf8', 'utf16le'] as const)('bytes in %s with a byte order mark are read', (encoding) => {
  const text = '\uFEFFa,b\r\n1,"Café, two"\r\n';
  expect(parseCsv(Buffer.from(text, encoding), 'x.csv', ['a'])).toEqual([{ a: '1', b: 'Café, two' }]);
});

test('line ends may be mixed, and empty lines are skipped', () => {
  expect(parseCsv('a,b\r\n1,2\n\n3,4\r5,6', 'x.csv', ['a'])).toHaveLength(3);
});

test('a quote inside a field is text; an unclosed quote is an error', () => {
  expect(parseCsv('a,b\n7" single,2\n', 'x.csv', ['a'])).toEqual([{ a: '7" single', b: '2' }]);
  expect(() => parseCsv('a,b\n"1,2\n', 'x.csv', ['a'])).toThrow('x.csv is not a valid CSV file');
});

test('a missing column is an error that names it', () => {
  expect(() => parseCsv('a,b\n1,2\n', 'x.csv', ['a', 'c'])).toThrow('x.csv lacks the column c;');
  expect(() => parseCsv('', 'x.csv', ['a'])).toThrow('x.csv lacks the column a;');
});

test('a short row is an error that names it', () => {
  expect(() => parseCsv('a,b\n1,2\n3\n', 'x.csv', ['a'])).toThrow('Row 3 of x.csv has 1 fields');
});

test('a field that is not a number is an error', () => {
  const [row] = parseCsv('a,b\nloud,\n', 'x.csv', ['a', 'b']);
  expect(() => numberIn(row!, 'a', 'x.csv')).toThrow('"loud"');
  expect(() => numberIn(row!, 'b', 'x.csv')).toThrow('number was expected');
});

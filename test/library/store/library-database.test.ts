import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { openLibrary } from '../../../src/library/store/library-database.ts';
import { openDatabase } from '../../../src/log/database.ts';
import { tempFolder } from '../../server/support.ts';

const fileIn = (folder: string, sql: string) => {
  const file = join(folder, 'some.sqlite');
  const db = new Database(file);
  db.exec(sql);
  db.close();
  return file;
};

test.each([
  ['', 'CREATE TABLE tracks (id INTEGER, location TEXT)'],
  [' of version 1', 'CREATE TABLE recipes (id INTEGER); PRAGMA user_version = 1'],
  [' without tables yet', 'PRAGMA user_version = 1'],
  [' of version 40', 'CREATE TABLE tracks (id INTEGER); PRAGMA user_version = 40'],
])("another program's database%s is refused and stays as it is", (_, sql) => {
  const file = fileIn(tempFolder(), sql);
  const before = readFileSync(file);
  for (const options of [{ create: true }, {}, { readOnly: true }])
    expect(() => openLibrary(file, options)).toThrow(
      `${file} is the database of another program, not a library, and stays as it is: name another file`,
    );
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("undertone's log is named as what it is", () => {
  const log = openDatabase(tempFolder());
  log.close();
  const { file } = log;
  expect(() => openLibrary(file, { create: true })).toThrow(`${file} is undertone's log, not a library`);
});

test('an empty file becomes a library, and libraries without an application id are opened', () => {
  const file = fileIn(tempFolder(), '');
  openLibrary(file, { create: true }).close();
  const db = new Database(file);
  expect(db.prepare('PRAGMA application_id').get()).toMatchObject({ application_id: 0x754c6962 });
  db.exec('PRAGMA application_id = 0');
  db.close();
  const library = openLibrary(file);
  expect(library.prepare('SELECT count(*) AS count FROM tracks').get()).toMatchObject({ count: 0 });
  library.close();
});

test('a library of a newer undertone is named as such', () => {
  const file = fileIn(tempFolder(), '');
  openLibrary(file, { create: true }).close();
  const db = new Database(file);
  db.exec('DROP TABLE failures; PRAGMA user_version = 7');
  db.close();
  expect(() => openLibrary(file)).toThrow('was written by a newer undertone (schema 7');
});

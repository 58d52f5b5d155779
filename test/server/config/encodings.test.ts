import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src/log/database.ts';
import { readPassphrase } from '../../../src/log/passphrase.ts';
import { readConfig } from '../../../src/server/config/read-config.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'undertone-encodings-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const json = '{\r\n  "port": 9000\r\n}\r\n';
it.each([
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${json}`)],
  ['UTF-16', Buffer.from(`\uFEFF${json}`, 'utf16le')],
])('reads a configuration in %s', (_name, bytes) => {
  const file = join(folder(), 'undertone.json');
  writeFileSync(file, bytes);
  expect(readConfig(file)).toMatchObject({ port: 9000 });
});

it('reads a passphrase without its byte order mark, and still opens what was encrypted with the mark', () => {
  const path = folder();
  const file = join(path, 'passphrase.txt');
  writeFileSync(file, '\uFEFFopen sesame\r\n');
  expect(readPassphrase(file)).toBe('open sesame');
  openDatabase(path, { passphrase: '\uFEFFopen sesame' }).close();
  const opened = openDatabase(path, { passphrase: 'open sesame' });
  expect(opened.db.prepare('SELECT count(*) AS n FROM sqlite_master').get()).toBeDefined();
  opened.close();
});

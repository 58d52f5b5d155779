import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { LOCK_FILE } from './database.ts';
import { saltFileOf } from './passphrase.ts';

/** Whether a path is a log's database or a file that belongs to it, under whatever name and also before it is there. */
export function isOfLog(path: string, log: string): boolean {
  const file = placeOf(log); // SQLite keeps its files where a link leads to.
  const lock = join(dirname(file), LOCK_FILE);
  const files = [
    log,
    saltFileOf(log),
    file,
    saltFileOf(file),
    `${file}-wal`,
    `${file}-shm`,
    `${file}-journal`,
  ];
  return [...files, lock].some((own) => isSameFile(path, own));
}

/** Whether a path is a file that lies in a folder already, not deeper in it. */
export function isFileIn(folder: string, path: string): boolean {
  return existsSync(path) && statSync(path).isFile() && dirname(placeOf(path)) === placeOf(folder);
}

/** Links are followed as far as there is something. */
function placeOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(resolve(path));
  return join(existsSync(folder) ? realpathSync(folder) : folder, basename(path));
}

function isSameFile(a: string, b: string): boolean {
  if (placeOf(a) === placeOf(b)) return true;
  if (!existsSync(a) || !existsSync(b)) return false;
  const [one, other] = [statSync(a, { bigint: true }), statSync(b, { bigint: true })];
  return one.ino === other.ino && one.dev === other.dev; // A number of a file counts on its own disk only.
}

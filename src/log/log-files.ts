import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { homeFolder } from '../util/user.ts';

/** Names and places of the log's files. */

export const LOG_FILE = 'undertone.db';
export const LOCK_FILE = 'undertone.lock';

/** The salt of an encrypted log, next to its database. Without it, the passphrase does not decrypt the log. */
export const saltFileOf = (file: string): string => `${file}.salt`;

/** The default data directory: in the user's data folder of each system. */
export function defaultDataDir(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(homeFolder(), 'AppData', 'Local'), 'undertone');
  if (platform === 'darwin') return join(homeFolder(), 'Library', 'Application Support', 'undertone');
  return join(env.XDG_DATA_HOME || join(homeFolder(), '.local', 'share'), 'undertone');
}

/** Whether a path, existing or not, is the database `log` or one of the files that belong to it. */
export function isOfLog(path: string, log: string): boolean {
  const file = realPathOf(log); // SQLite puts its files next to the target of a symbolic link.
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

/** Whether a path is an existing file directly in a folder. */
export function isFileIn(folder: string, path: string): boolean {
  return existsSync(path) && statSync(path).isFile() && dirname(realPathOf(path)) === realPathOf(folder);
}

/** The path without symbolic links; the last part need not exist. */
function realPathOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(resolve(path));
  return join(existsSync(folder) ? realpathSync(folder) : folder, basename(path));
}

function isSameFile(a: string, b: string): boolean {
  if (realPathOf(a) === realPathOf(b)) return true;
  if (!existsSync(a) || !existsSync(b)) return false;
  const [one, other] = [statSync(a, { bigint: true }), statSync(b, { bigint: true })];
  return one.ino === other.ino && one.dev === other.dev; // Inode numbers are unique per device only.
}

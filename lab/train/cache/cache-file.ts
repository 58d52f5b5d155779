import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeAtomicSync } from '../../../src/util/write-atomic.ts';

/** The user's cache folder. Everything in it can be computed again. */
export function defaultCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = env;
  if (xdg) return join(xdg, 'undertone', 'mel');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'undertone', 'mel');
  if (process.platform === 'win32' && local) return join(local, 'undertone', 'Cache', 'mel');
  return join(homedir() || tmpdir(), '.cache', 'undertone', 'mel');
}

/** Reads a file into a new buffer, aligned for any typed array; undefined if there is no such file. */
export async function readCached(place: string): Promise<ArrayBuffer | undefined> {
  const bytes = await readFile(place).catch(() => undefined);
  return bytes && new Uint8Array(bytes).buffer;
}

/** Writes a file atomically, as several processes may write the same one. It is not flushed: it can be computed again. */
export async function writeCached(place: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  writeAtomicSync(place, bytes, { partial: `${place}.${randomUUID()}`, flush: false });
}

import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeAtomicSync } from '../../../src/util/write-atomic.ts';

/** The folder for what can be computed again: the user's cache folder. */
export function defaultCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = env;
  if (xdg) return join(xdg, 'undertone', 'mel');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'undertone', 'mel');
  if (process.platform === 'win32' && local) return join(local, 'undertone', 'Cache', 'mel');
  return join(homedir() || tmpdir(), '.cache', 'undertone', 'mel');
}

/** Fresh bytes, aligned for any typed array; undefined where there is no such file. */
export async function readCached(place: string): Promise<ArrayBuffer | undefined> {
  const bytes = await readFile(place).catch(() => undefined);
  return bytes && new Uint8Array(bytes).buffer;
}

/** Several processes may write the same file. It can be computed again, so the disk may take its time. */
export async function writeCached(place: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  writeAtomicSync(place, bytes, { partial: `${place}.${randomUUID()}`, flush: false });
}

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { FftPlans } from '../../stream/fft.ts';
import { MEL_BANDS } from '../../stream/mel.ts';
import { type ClipMel, hearClip, MEL_PARTS } from './clip-mel.ts';

/** Raised when the same audio would give other frames. */
const VERSION = `1/${MEL_BANDS}/${MEL_PARTS}`;

/** The folder for what can be computed again: the user's cache folder. */
export function defaultCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = env;
  if (xdg) return join(xdg, 'undertone', 'mel');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'undertone', 'mel');
  if (process.platform === 'win32' && local) return join(local, 'undertone', 'Cache', 'mel');
  return join(homedir() || tmpdir(), '.cache', 'undertone', 'mel');
}

/** The mel frames of a clip, from the cache where it was heard before; a file that changed is heard anew. */
export async function cachedMel(path: string, plans: FftPlans, folder: string): Promise<ClipMel> {
  const { size, mtimeMs } = await stat(path);
  const key = createHash('sha256')
    .update(`${VERSION}/${resolve(path)}/${size}/${mtimeMs}`)
    .digest('hex');
  const place = join(folder, `${key.slice(0, 32)}.mel`);
  const bytes = await readFile(place).catch(() => undefined);
  const kept = bytes && unpack(bytes);
  if (kept) return kept;
  const mel = await hearClip(path, plans);
  await mkdir(folder, { recursive: true });
  // Renamed into place, so that a broken-off write is never taken for a clip.
  await writeFile(`${place}.${process.pid}`, pack(mel));
  await rename(`${place}.${process.pid}`, place);
  return mel;
}

/** Number of steps, the end of each, then the frames; 16-bit numbers of this machine's byte order. */
function pack({ frames, ends }: ClipMel): Uint8Array {
  const all = new Uint16Array(1 + ends.length + frames.length);
  all[0] = ends.length;
  all.set(ends, 1);
  all.set(frames, 1 + ends.length);
  return new Uint8Array(all.buffer);
}

function unpack(bytes: Buffer): ClipMel | undefined {
  const all = new Uint16Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 1);
  const steps = all[0] ?? 0;
  const ends = all.slice(1, 1 + steps);
  const frames = all.slice(1 + steps);
  return frames.length > 0 && frames.length === (ends.at(-1) ?? 0) * MEL_BANDS ? { frames, ends } : undefined;
}

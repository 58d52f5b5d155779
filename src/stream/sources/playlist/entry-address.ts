import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../../user-error.ts';

/**
 * The web address of an entry in a playlist from the web. It names nothing on this computer.
 *
 * @param base address of the playlist
 * @throws UserError `bad-url`
 */
export function webAddressOf(entry: string, base: string): string {
  const url = URL.canParse(entry, base) ? new URL(entry, base) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url.href;
  const message = `The entry "${entry.slice(0, 200)}" of a playlist is not a web address: expected one that begins with http: or https:.`;
  throw new UserError('bad-url', message);
}

/**
 * Where an entry of a playlist on this computer leads: a web address or the path of a file.
 *
 * @param folder of the playlist, which paths are relative to
 * @throws UserError `bad-url` for other kinds of addresses
 */
export function localAddressOf(
  entry: string,
  folder: string,
): { readonly url: string } | { readonly path: string } {
  if (/^https?:\/\//i.test(entry)) return { url: entry };
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(entry)?.[1]?.toLowerCase();
  try {
    if (scheme === 'file') return { path: fileURLToPath(entry) };
  } catch {
    // Such as file://server/song.mp3, except on Windows.
  }
  if (scheme !== undefined) {
    const message = `The entry "${entry.slice(0, 200)}" of a playlist cannot be opened: expected a file on this computer, http: or https:.`;
    throw new UserError('bad-url', message);
  }
  // Playlists from Windows are used elsewhere, too.
  return { path: resolve(folder, process.platform === 'win32' ? entry : entry.replaceAll('\\', '/')) };
}

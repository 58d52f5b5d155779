import { realpathSync } from 'node:fs';
import type { BlockList } from 'node:net';
import { isAbsolute, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkLiteralAddress, publicOnly } from '../../stream/sources/http/address-guard.ts';
import { parseSourceUri } from '../../stream/sources/source-uri.ts';
import { UserError } from '../../user-error.ts';

/** Which sources may be added while the server runs, by those who may manage it. */
export interface RemotePolicy {
  /** Schemes with their colon, some of `REMOTE_SCHEMES` (stream/sources/index.ts). */
  readonly schemes: readonly string[];
  /** `file:` is allowed for what lies in these folders, whatever links and dots its path has. */
  readonly folders: readonly string[];
  /** Networks that are not public and may be fetched from all the same. */
  readonly privateNetworks: BlockList;
}

/**
 * The source as it may be opened.
 *
 * @throws UserError `source-not-allowed`, `bad-source`, `bad-url`, `forbidden-address`
 */
export function remoteSource(uri: string, { schemes, folders, privateNetworks }: RemotePolicy): string {
  const { scheme, path, params } = parseSourceUri(uri);
  if (scheme === 'file')
    return `file:${withinFolders(path, folders)}${params.get('loop') === '1' ? '?loop=1' : ''}`;
  if (schemes.includes(`${scheme}:`)) {
    if (/^https?$/.test(scheme)) checkLiteralAddress(uri, publicOnly(privateNetworks));
    return uri;
  }
  const allowed = [...schemes, ...(folders.length > 0 ? ['file: in some folders'] : [])].join(', ');
  throw new UserError(
    'source-not-allowed',
    `A source of the kind ${scheme}: may not be added while the server runs: its configuration allows ${allowed || 'none'}.`,
  );
}

function withinFolders(path: string, folders: readonly string[]): string {
  const refused = new UserError(
    'source-not-allowed',
    'This file may not be opened: "remote.folders" of the configuration names the folders from which files may be added while the server runs.',
  );
  if (path.includes('\0') || !(path.startsWith('//') || isAbsolute(path))) throw refused;
  try {
    const real = realpathSync(path.startsWith('//') ? fileURLToPath(`file:${path}`) : resolve(path));
    for (const folder of folders) if (real.startsWith(realpathSync(folder) + sep)) return real;
  } catch {
    // Whether a file is there is nothing to tell: the answer is the same.
  }
  throw refused;
}

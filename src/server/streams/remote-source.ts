import { realpathSync } from 'node:fs';
import type { BlockList } from 'node:net';
import { isAbsolute, resolve, sep } from 'node:path';
import { filePath } from '../../stream/sources/file.ts';
import { checkLiteralAddress, publicOnly } from '../../stream/sources/http/address-guard.ts';
import { parseSourceUri, type SourceUri } from '../../stream/sources/source-uri.ts';
import { UserError } from '../../user-error.ts';

/** The sources that clients may add over the API. */
export interface RemotePolicy {
  /** Schemes with their colon, some of `REMOTE_SCHEMES` (stream/sources/index.ts). */
  readonly schemes: readonly string[];
  /** `file:` is allowed for files in these folders, after links and `..` are resolved. */
  readonly folders: readonly string[];
  /** Private networks that may be fetched from as well. */
  readonly privateNetworks: BlockList;
}

/**
 * Checks a source that a client adds. Returns it with the resolved path of a file.
 *
 * @throws UserError `source-not-allowed`, `bad-source`, `bad-url`, `forbidden-address`
 */
export function remoteSource(uri: string, { schemes, folders, privateNetworks }: RemotePolicy): string {
  const parsed = parseSourceUri(uri);
  const { scheme, query } = parsed;
  // The source itself checks its options, as it does for the configuration and the command line.
  if (scheme === 'file') return `file:${withinFolders(parsed, folders)}${query}`;
  if (schemes.includes(`${scheme}:`)) {
    if (/^https?$/.test(scheme)) checkLiteralAddress(uri, publicOnly(privateNetworks));
    return uri;
  }
  const allowed = [...schemes, ...(folders.length > 0 ? ['file: in some folders'] : [])].join(', ');
  throw new UserError(
    'source-not-allowed',
    `Sources of the kind ${scheme}: cannot be added over the API: the configuration allows ${allowed || 'none'}.`,
  );
}

function withinFolders(uri: SourceUri, folders: readonly string[]): string {
  const { path } = uri;
  const refused = new UserError(
    'source-not-allowed',
    'This file cannot be opened: "remote.folders" of the configuration lists the folders from which files may be added.',
  );
  if (path.includes('\0') || !(path.startsWith('//') || isAbsolute(path))) throw refused;
  try {
    const real = realpathSync(resolve(filePath(uri)));
    for (const folder of folders) if (real.startsWith(realpathSync(folder) + sep)) return real;
  } catch {
    // The same error as for a file outside the folders: clients must not learn which files exist.
  }
  throw refused;
}

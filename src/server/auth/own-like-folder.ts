import { chownSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * What root writes into the data directory of a server that runs as somebody else must be that one's, or the
 * server could not read it.
 */
export function ownLikeFolder(file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(dirname(file));
  if (uid !== 0) chownSync(file, uid, gid);
}

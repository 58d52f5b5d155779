import { resolve, sep } from 'node:path';

/** Returns whether an absolute path is one of these files and folders, or below one. */
export function isBelow(paths: readonly string[]): (path: string) => boolean {
  const roots = paths.map((path) => resolve(path));
  return (path) =>
    roots.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : root + sep));
}

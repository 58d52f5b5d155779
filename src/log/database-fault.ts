/** SQLite's and the file system's codes in plain words. */
const REASONS: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'the disk is full',
  SQLITE_READONLY: 'the file is read-only',
  SQLITE_IOERR: 'the disk reports an error',
  SQLITE_CANTOPEN: 'the file cannot be opened',
  SQLITE_PERM: 'permission denied',
  SQLITE_BUSY: 'another program holds it locked',
  SQLITE_CORRUPT: 'the file is damaged',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is a file of that name',
  ENOENT: 'it cannot be created there',
};

/** SQLite's primary result codes, for libsql gives no name where opening fails. */
const PRIMARY_CODES: Readonly<Record<number, string>> = {
  5: 'SQLITE_BUSY',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
};

/** `SQLITE_FULL`, `ENOSPC`, …; extended codes (`SQLITE_IOERR_WRITE`) are cut to their primary code. */
export function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && code !== '') return code.replace(/^(SQLITE_[A-Z]+)_.*$/, '$1');
  // `ConnectionFailed("Unable to open connection to local database PATH: 14")`
  const number = /: (\d+)"\)$/.exec(String(message))?.[1];
  return number === undefined ? '' : (PRIMARY_CODES[Number(number) & 0xff] ?? '');
}

export function reasonOf(error: unknown): string {
  return REASONS[codeOf(error)] ?? String((error as { message?: unknown }).message ?? error);
}

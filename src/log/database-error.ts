/** Reasons for error codes of SQLite and the file system, to be put in an error message. */
const REASONS: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'the disk is full',
  SQLITE_READONLY: 'the file is read-only',
  SQLITE_IOERR: 'the disk reports an error',
  SQLITE_CANTOPEN: 'the file cannot be opened',
  SQLITE_PERM: 'permission denied',
  SQLITE_BUSY: 'another program has locked it',
  SQLITE_CORRUPT: 'the file is damaged',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'part of the path is a file, not a folder',
  EEXIST: 'a file of that name exists',
  ENOENT: 'it cannot be created there',
};

/** SQLite's primary result codes: libsql gives only the number when opening a database fails. */
const PRIMARY_CODES: Readonly<Record<number, string>> = {
  5: 'SQLITE_BUSY',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
};

/** Error code: `SQLITE_FULL`, `ENOSPC`, …; '' if unknown. Extended codes (`SQLITE_IOERR_WRITE`) become primary codes. */
export function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && code !== '') return code.replace(/^(SQLITE_[A-Z]+)_.*$/, '$1');
  // `ConnectionFailed("Unable to open connection to local database PATH: 14")`
  const number = /: (\d+)"\)$/.exec(String(message))?.[1];
  return number === undefined ? '' : (PRIMARY_CODES[Number(number) & 0xff] ?? '');
}

/** Whether there is no room: making a file writable does not help. */
export const isDiskFull = (error: unknown): boolean => ['SQLITE_FULL', 'ENOSPC'].includes(codeOf(error));

/** The reason in words; the error's own message if its code is unknown. */
export function reasonOf(error: unknown): string {
  return REASONS[codeOf(error)] ?? String((error as { message?: unknown }).message ?? error);
}

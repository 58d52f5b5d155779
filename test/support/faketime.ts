import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders in which Debian, Fedora and a build from source install libfaketime. */
const FOLDERS = [
  ...['/usr/lib', '/usr/lib64'].flatMap((lib) =>
    existsSync(lib) ? readdirSync(lib).map((one) => join(lib, one)) : [],
  ),
  '/usr/lib',
  '/usr/lib64',
  '/usr/local/lib',
];

/** The library that gives a process a clock of its own; undefined if it is not installed. */
export const FAKETIME =
  process.platform === 'linux'
    ? FOLDERS.map((folder) => join(folder, 'faketime/libfaketime.so.1')).find((file) => existsSync(file))
    : undefined;

/**
 * A clock of a process, which a test sets. Only the wall clock is faked, as when a computer's clock is set: the
 * monotonic clock goes on.
 */
export function fakeClock(folder: string) {
  const file = join(folder, 'clock.rc');
  // Renamed into place: the process reads the file at every look at its clock, and must never find it empty.
  const set = (text: string) => {
    writeFileSync(`${file}.new`, `${text}\n`);
    renameSync(`${file}.new`, file);
  };
  set('+0');
  return {
    env: {
      LD_PRELOAD: FAKETIME!,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    /** Sets the clock to this many seconds ahead of the computer's. */
    setTo: (seconds: number) => set(`${seconds < 0 ? '' : '+'}${seconds}`),
    /** From now on it shows this time, without going on. */
    stopAt: (time: Date) => set(time.toISOString().slice(0, 19).replace('T', ' ')),
  };
}

import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { saltFileOf } from '../log-files.ts';
import { type Finding, fault, note, ok } from './finding.ts';

const MB = 1024 * 1024;
/** Of a log that is written, a checkpoint keeps it far below. */
const LARGE_WAL = 64 * MB;
const LITTLE_ROOM = 100 * MB;

/** What can be said of a log's files without looking into them. */
export function checkFiles(file: string): Finding[] {
  return [checkAccess(file), checkPrivacy(file), checkWal(file), checkRoom(file)];
}

function checkAccess(file: string): Finding {
  const check = 'files';
  const places = [dirname(file), ...[file, `${file}-wal`, `${file}-shm`].filter((one) => existsSync(one))];
  for (const place of places) {
    try {
      accessSync(place, constants.R_OK | constants.W_OK);
    } catch {
      return note(check, `${place} may not be written by this user: undertone serve needs one who may.`);
    }
  }
  return ok(check, `${file}, ${size(statSync(file).size)}.`);
}

function checkPrivacy(file: string): Finding {
  const check = 'permissions';
  if (process.platform === 'win32') return ok(check, 'Are left to the folder on this system.');
  const open = [file, `${file}-wal`, saltFileOf(file)].filter(
    (one) =>
      existsSync(one) && (statSync(one).mode & 0o077) !== 0 && (statSync(dirname(one)).mode & 0o011) !== 0,
  );
  if (open.length === 0) return ok(check, 'Only the owner can read it.');
  return note(
    check,
    `Other users of this computer can read ${open.join(' and ')}: "chmod 600" the files if they should not.`,
  );
}

function checkWal(file: string): Finding {
  const check = 'write-ahead log';
  const wal = `${file}-wal`;
  const bytes = existsSync(wal) ? statSync(wal).size : 0;
  if (bytes <= LARGE_WAL) return ok(check, `${size(bytes)}.`);
  return fault(
    check,
    `${wal} has grown to ${size(bytes)}: another program holds the log open and keeps it from being emptied; end that, then restart the server.`,
  );
}

function checkRoom(file: string): Finding {
  const check = 'free room';
  const { bavail, bsize } = statfsSync(dirname(file));
  const free = bavail * bsize;
  if (free >= LITTLE_ROOM) return ok(check, `${size(free)} on its disk.`);
  return fault(check, `Only ${size(free)} are free on its disk: make room, or the log stops being written.`);
}

const size = (bytes: number): string =>
  bytes >= 1024 * MB ? `${(bytes / MB / 1024).toFixed(1)} GiB` : `${(bytes / MB).toFixed(1)} MiB`;

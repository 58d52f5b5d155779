import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { saltFileOf } from '../log-files.ts';
import { type Finding, fault, note, ok } from './finding.ts';

const MB = 1024 * 1024;
/** While a server runs, checkpoints keep the write-ahead log far smaller. */
const LARGE_WAL = 64 * MB;
const LITTLE_SPACE = 100 * MB;

/** Checks the log's files from outside: access, permissions, sizes and free disk space. */
export function checkFiles(file: string): Finding[] {
  return [checkAccess(file), checkPermissions(file), checkWal(file), checkFreeSpace(file)];
}

function checkAccess(file: string): Finding {
  const check = 'files';
  const places = [dirname(file), ...[file, `${file}-wal`, `${file}-shm`].filter((one) => existsSync(one))];
  for (const place of places) {
    try {
      accessSync(place, constants.R_OK | constants.W_OK);
    } catch {
      return note(check, `This user cannot write ${place}: run "undertone serve" as a user who can.`);
    }
  }
  return ok(check, `${file}, ${size(statSync(file).size)}.`);
}

function checkPermissions(file: string): Finding {
  const check = 'permissions';
  if (process.platform === 'win32') return ok(check, 'On Windows, the permissions of the folder apply.');
  const open = [file, `${file}-wal`, saltFileOf(file)].filter(
    (one) =>
      existsSync(one) && (statSync(one).mode & 0o077) !== 0 && (statSync(dirname(one)).mode & 0o011) !== 0,
  );
  if (open.length === 0) return ok(check, 'Only the owner can read the log.');
  return note(
    check,
    `Other users of this computer can read ${open.join(' and ')}: run "chmod 600" on the files to prevent it.`,
  );
}

function checkWal(file: string): Finding {
  const check = 'write-ahead log';
  const wal = `${file}-wal`;
  const bytes = existsSync(wal) ? statSync(wal).size : 0;
  if (bytes <= LARGE_WAL) return ok(check, `${size(bytes)}.`);
  return fault(
    check,
    `${wal} has grown to ${size(bytes)}: another program has the log open and prevents it from being emptied. Close that program, then restart the server.`,
  );
}

function checkFreeSpace(file: string): Finding {
  const check = 'free space';
  const { bavail, bsize } = statfsSync(dirname(file));
  const free = bavail * bsize;
  if (free >= LITTLE_SPACE) return ok(check, `${size(free)} on the disk.`);
  return fault(check, `Only ${size(free)} on the disk: free disk space, or the log can soon not be written.`);
}

const size = (bytes: number): string =>
  bytes >= 1024 * MB ? `${(bytes / MB / 1024).toFixed(1)} GiB` : `${(bytes / MB).toFixed(1)} MiB`;

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeAtomicSync } from '../../write-atomic.ts';

/** Beside the tokens, in a file of its own: the server writes this one, `undertone token` the other. */
export const lastUsedFile = (tokenFile: string): string => tokenFile.replace(/(\.json)?$/, '-used.json');

const times = z.record(z.string(), z.iso.datetime());

export type LastUsed = z.infer<typeof times>;

/** When each token was last used, by its id. It is nothing to fail for: what cannot be read is unknown. */
export function readLastUsed(file: string): LastUsed {
  try {
    return times.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}

export function writeLastUsed(file: string, used: LastUsed): void {
  writeAtomicSync(file, `${JSON.stringify(used)}\n`, { mode: 0o600 });
}

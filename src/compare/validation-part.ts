import { createHash } from 'node:crypto';
import { artistKey, type Song } from '../model/train/song.ts';

const SEED = 'undertone-compare-validation';
const SHARE = 0.15;

/**
 * Whether a song that may be learned from is kept apart to measure or to choose by: about 15 of 100 artists, by a hash
 * of the name, whatever the fold.
 */
export function isValidation({ artist }: Song): boolean {
  const hash = createHash('sha256')
    .update(`${SEED}/${artistKey(artist)}`)
    .digest();
  return hash.readUInt32BE(0) / 2 ** 32 < SHARE;
}

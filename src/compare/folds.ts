import { createHash } from 'node:crypto';
import { artistFolds, type Fold } from '../model/train/protocol.ts';
import { artistKey, type Song } from '../model/train/song.ts';

/**
 * `folds`: folds of which no two share an artist, each judged in turn. `70-15-15`: one split by artist, 70 % to learn
 * from, 15 % to validate, 15 % judged; a system that validates nothing learns from 85 %.
 */
export const COMPARE_PROTOCOLS = ['folds', '70-15-15'] as const;
export type CompareProtocol = (typeof COMPARE_PROTOCOLS)[number];

const SPLIT_SEED = 'undertone-70-15-15';
const JUDGED = 0.15;

/** @param count of folds; of no meaning for the split */
export function comparisonFolds(protocol: CompareProtocol, count: number): Fold[] {
  switch (protocol) {
    case 'folds':
      return artistFolds(count);
    case '70-15-15':
      return [{ name: 'split', learns: (song) => !isJudged(song), judges: isJudged }];
  }
}

function isJudged({ artist }: Song): boolean {
  const hash = createHash('sha256')
    .update(`${SPLIT_SEED}/${artistKey(artist)}`)
    .digest();
  return hash.readUInt32BE(0) / 2 ** 32 < JUDGED;
}

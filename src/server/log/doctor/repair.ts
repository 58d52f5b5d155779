import type { LogDatabase } from '../database.ts';
import { FrameReader } from '../frame-reader.ts';
import { streamNames } from '../history.ts';
import { FINEST_MS } from '../rollup/levels.ts';
import { RollupRepair } from '../rollup/rollup-repair.ts';
import { ALL_TIME } from '../time-range.ts';
import { transaction } from '../transaction.ts';
import { minutesOfSteps, storedSums, tellsOf } from './check-rollups.ts';

/** Makes rollups that do not agree with the steps anew, and all coarser ones. Returns how many minutes that were. */
export function repairRollups({ db }: LogDatabase): number {
  const repair = new RollupRepair(db, new FrameReader(db));
  let mended = 0;
  for (const name of streamNames(db)) {
    transaction(db, () => {
      const stored = storedSums(db, name, FINEST_MS, ALL_TIME);
      // A minute that tells of more than there is tells of steps that were dropped since: it is left.
      const wrong = [...minutesOfSteps(db, name, ALL_TIME)].filter(
        ([bucket, sums]) => !tellsOf(stored.get(bucket), sums),
      );
      repair.rebuild(name, new Map(wrong));
      mended += wrong.length;
    });
  }
  return mended;
}

import type Database from 'libsql';
import { turn } from '../turn.ts';

/** Free pages are left for what comes next up to this number, and this share of the file. */
const SPARE_PAGES = 64;
const SPARE_SHARE = 0.01;
const PAGES_AT_ONCE = 64;

/** Gives pages that nothing needs any more back to the file system, a few at a time. */
export async function vacuumSlowly(db: Database.Database, spare = SPARE_PAGES): Promise<void> {
  const number = (pragma: string) =>
    Object.values(db.prepare(`PRAGMA ${pragma}`).get() as object)[0] as number;
  for (;;) {
    const free = number('freelist_count');
    if (free === 0 || free <= Math.max(spare, spare === 0 ? 0 : number('page_count') * SPARE_SHARE)) return;
    db.prepare(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`).all();
    if (number('freelist_count') >= free) return; // Another reader is in the way: the next time.
    await turn();
  }
}

import { MEL_PARTS } from '../stored-mel.ts';

/** Gains beyond these are held to them, in dB. */
export const LOWEST_DB = -40;
export const HIGHEST_DB = 40;

const tables = new Map<number, Float32Array>();

/**
 * For each stored mel value v: what it becomes when the sound is `gainDb` louder, log10(1 + gain · (10^y − 1))
 * with y = v / MEL_PARTS. Exact, as y keeps the power; to the nearest dB. Made when first asked for, 256 KiB each.
 */
export function gainTable(gainDb: number): Float32Array {
  const db = Math.round(Math.min(HIGHEST_DB, Math.max(LOWEST_DB, gainDb)));
  const made = tables.get(db);
  if (made) return made;
  const gain = 10 ** (db / 10);
  const table = Float32Array.from({ length: 0x10000 }, (_, value) =>
    Math.log10(1 + gain * (10 ** (value / MEL_PARTS) - 1)),
  );
  tables.set(db, table);
  return table;
}

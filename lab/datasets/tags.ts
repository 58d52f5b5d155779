import { type Song, songKey } from './song.ts';

/** Auxiliary targets of whole songs, such as mood tags. */
export interface TagTable {
  readonly names: readonly string[];
  /** [names]; undefined if the song has none. */
  of(song: Song): Float32Array | undefined;
}

export const NO_TAGS: TagTable = { names: [], of: () => undefined };

/**
 * A table of probabilities as standardized logits: mean 0 and standard deviation 1 in each column.
 *
 * @param songs one song and its probabilities, [names], per row
 */
export function tagTable(
  names: readonly string[],
  songs: readonly (readonly [Song, readonly number[]])[],
): TagTable {
  const values = standardizedLogits(songs.map(([, probabilities]) => probabilities));
  const byKey = new Map(songs.map(([song], i) => [songKey(song), values[i]!]));
  return { names, of: (song) => byKey.get(songKey(song)) };
}

function standardizedLogits(rows: readonly (readonly number[])[]): Float32Array[] {
  const logits = rows.map((row) => row.map(logit));
  for (const column of logits[0]?.keys() ?? []) {
    const mean = logits.reduce((sum, row) => sum + row[column]!, 0) / logits.length;
    const sd =
      Math.sqrt(logits.reduce((sum, row) => sum + (row[column]! - mean) ** 2, 0) / logits.length) || 1;
    for (const row of logits) row[column] = (row[column]! - mean) / sd;
  }
  return logits.map((row) => Float32Array.from(row));
}

/** Clipped to 0.001 … 0.999, so that it stays finite. */
function logit(p: number): number {
  const clipped = Math.min(0.999, Math.max(0.001, p));
  return Math.log(clipped / (1 - clipped));
}

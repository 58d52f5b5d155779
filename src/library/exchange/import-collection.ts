import { resolve } from 'node:path';
import type { TrackStore } from '../store/track-store.ts';
import type { ForeignTrack } from './foreign-track.ts';

export interface Imported {
  /** Tracks of the library that the collection knows. */
  readonly matched: number;
  /** Paths of the collection that are not in the library. */
  readonly unknown: readonly string[];
}

/**
 * Stores tempo, key and rating of a collection with the tracks of the library: by path, or by the name of the file where
 * only one track has it, since the collection may come from another computer.
 */
export function importCollection(collection: readonly ForeignTrack[], store: TrackStore): Imported {
  const known = [...store.knownFiles().values()];
  const byPath = new Map(known.map((track) => [keyOf(track.path), track.id]));
  const byName = new Map<string, number | null>();
  for (const { path, id } of known) byName.set(nameOf(path), byName.has(nameOf(path)) ? null : id);
  const unknown: string[] = [];
  let matched = 0;
  for (const track of collection) {
    const id = byPath.get(keyOf(resolve(track.path))) ?? byName.get(nameOf(track.path));
    if (id == null) unknown.push(track.path);
    else {
      store.importFacts(id, track);
      matched++;
    }
  }
  return { matched, unknown };
}

/** Macs store names decomposed. */
const keyOf = (path: string) => path.normalize();
const nameOf = (path: string) => path.split(/[\\/]/).at(-1)!.normalize().toLowerCase();

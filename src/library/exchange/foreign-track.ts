import type { ImportedFacts } from '../store/track-store.ts';

/** A track as another program's collection lists it. */
export interface ForeignTrack extends ImportedFacts {
  /** Absolute, with slashes; of the computer that the collection comes from. */
  readonly path: string;
}

import { UserError } from '../../src/user-error.ts';
import type { Clip, Label, Song } from './song.ts';

/** Labels of one song by their time on its timeline in ms. */
export type Timeline = ReadonlyMap<number, Label>;

/** Labelled music as one folder holds it, all of it on undertone's scales. */
export interface MusicSet {
  /** Name of the layout. */
  readonly layout: string;
  readonly folder: string;
  readonly clips: readonly Clip[];
  /** Labels of a song; undefined where it has none. */
  timeline(song: Song): Timeline | undefined;
  /** Auxiliary targets for whole songs, standardised over the set. */
  readonly tags: TagTable;
  /** Sentences about what was left out, for people. */
  readonly notes: readonly string[];
}

export interface TagTable {
  readonly names: readonly string[];
  /** [names]; undefined where the song has none. */
  of(song: Song): Float32Array | undefined;
}

/**
 * How a set of labelled music lies in its folder when it comes from its authors. One file per layout, and
 * one line in `layouts.ts`.
 */
export interface DatasetLayout {
  readonly name: string;
  /** The file by which it is known, for the message about a folder that is none. */
  readonly mark: string;
  detect(folder: string): Promise<boolean>;
  /** @throws UserError `bad-data` with what is missing, where it was looked for and where it is to be had */
  read(folder: string): Promise<MusicSet>;
}

export const NO_TAGS: TagTable = { names: [], of: () => undefined };

export function badData(fault: string, remedy: string, cause?: Error): UserError {
  return new UserError(
    'bad-data',
    `The labelled music does not fit: ${fault}; ${remedy}.`,
    cause && { cause },
  );
}

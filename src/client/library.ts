import type { LibraryTracks, NextTracks } from '../library/answers.ts';
import { type Address, requestJson } from './request.ts';

export interface NextOptions {
  /** `up`, `calmer`, …, a point such as `0.3,0.5`, or a path such as `0.2,0.6@20m;0,-0.4@60m`. */
  readonly target?: string;
  /** Id or path of the track that plays. */
  readonly playing?: string | number;
  /** Percent. */
  readonly tempo?: number;
  readonly keys?: 'all' | 'neighbors';
  readonly tolerance?: number;
  /** Ids or paths of tracks that were played. */
  readonly exclude?: readonly (string | number)[];
  readonly limit?: number;
}

/** The part of the client for the library. */
export function libraryOf(address: Address) {
  return {
    /** The tracks of the library; `total` counts all that match. @throws ApiError `no-library` */
    list: (query: { q?: string; mood?: string; limit?: number; offset?: number } = {}) =>
      requestJson<LibraryTracks>(address, 'GET', 'v1/library', { query: { ...query } }),
    /** The tracks that continue best what a stream plays. @throws ApiError `unknown-stream`, `no-reading`, `no-library` */
    next: (stream: string, options: NextOptions = {}) =>
      requestJson<NextTracks>(address, 'GET', 'v1/next', { query: { stream, ...options } }),
  };
}

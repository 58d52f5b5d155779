import type { LibraryFolders, LibraryScan, LibraryTracks, NextTracks } from '../library/answers.ts';
import { type Address, request, requestJson } from './request.ts';

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
    /** Its folders, and the progress of its scan. */
    folders: () => requestJson<LibraryFolders>(address, 'GET', 'v1/library/folders'),
    /** Adds a folder and begins to analyze it. @throws ApiError `folder-not-allowed`, `library-busy` */
    addFolder: (path: string) =>
      requestJson<LibraryScan>(address, 'POST', 'v1/library/folders', { body: { path } }),
    /** Removes a folder and its tracks; the files stay. @throws ApiError `unknown-folder`, `library-busy` */
    async removeFolder(path: string): Promise<void> {
      await request(address, 'DELETE', 'v1/library/folders', { query: { path } });
    },
    /** Analyzes what is new or has changed. @throws ApiError `library-busy`, `no-library`, `no-folders` */
    scan: () => requestJson<LibraryScan>(address, 'POST', 'v1/library/scan'),
    async stopScan(): Promise<void> {
      await request(address, 'DELETE', 'v1/library/scan');
    },
    /** The tracks that continue best what a stream plays; none without a library. @throws ApiError `unknown-stream`, `no-reading` */
    next: (stream: string, options: NextOptions = {}) =>
      requestJson<NextTracks>(address, 'GET', 'v1/next', { query: { stream, ...options } }),
  };
}

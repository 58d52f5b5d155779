import type { Source } from '../../types.ts';
import type { PcmLayout } from '../pcm.ts';
import type { AddressGuard } from './http/address-guard.ts';
import type { SourceUri } from './source-uri.ts';

/** One kind of source: everything that the rest of undertone needs to know about it. The registry is index.ts. */
export interface SourceKind {
  /** The schemes of its URIs without the colon, such as `http` and `https`. */
  readonly schemes: readonly string[];
  /** The form of its URIs, for help texts: `file:PATH`. */
  readonly usage: string;
  /**
   * Whether clients may add such a source to a running server: `default`, or `opt-in` if the configuration must
   * list its scheme. Absent: never.
   */
  readonly remote?: 'default' | 'opt-in';
  /** It waits for its consumer and loses nothing: it plays more slowly. Absent: it is live. */
  readonly waits?: true;
  /** The audio is gone once it is read: one stream only, and the source cannot be opened again. */
  readonly once?: true;
  /** It can be opened in the main thread only: a native add-on, or a stream of the process. */
  readonly mainThread?: true;
  /**
   * Creates the source of a URI. Nothing is opened yet.
   *
   * @throws UserError `bad-source` for a path or an option that the kind does not have
   */
  create(uri: SourceUri, options: SourceOptions): Source;
}

export interface SourceOptions {
  /** Play recordings and the demo in real time (the default), or deliver them as fast as they are pulled. */
  readonly paced?: boolean;
  /** Standard input is raw PCM. Without it, standard input is a recording. */
  readonly pcm?: PcmLayout;
  /** Seed of the demo piece if its URI has none. */
  readonly seed?: number;
  /** Folder of relative `file:` paths. Default: the working directory. */
  readonly folder?: string | undefined;
  /** Follow a playlist in a file to the files and addresses in it. One on the web is always followed to addresses. */
  readonly playlists?: boolean;
  /** A file is decoded in large pieces: for a thread that does nothing else. */
  readonly largePieces?: boolean;
  /** The first chunk of a file has the title in its tags, which are read for it. Default: titles of the stream only. */
  readonly titles?: boolean;
  /** Decides which addresses may be connected to. Default: all. */
  readonly guard?: AddressGuard | undefined;
}

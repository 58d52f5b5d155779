import type { BlockList } from 'node:net';
import type { PcmLayout } from '../../stream/pcm.ts';
import { publicOnly } from '../../stream/sources/http/address-guard.ts';
import { isReadOnce, needsMainThread, openSource } from '../../stream/sources/index.ts';
import { persistentSource } from '../../stream/sources/persistent.ts';
import type { Source } from '../../types.ts';

/** A source as a value that can be sent to another thread and opened there. */
export interface SourceSpec {
  readonly uri: string;
  /** Folder of relative `file:` paths. */
  readonly folder?: string | undefined;
  /** Follow playlists to files. */
  readonly playlists: boolean;
  /** Only public addresses, and those in this list, may be connected to. Absent: all. */
  readonly privateNetworks?: BlockList | undefined;
  /** Standard input is raw PCM. */
  readonly pcm?: PcmLayout | undefined;
  /** Open it again after every error, if it can be read more than once. */
  readonly persistent: boolean;
}

/** A source that another thread can open itself, so that it is decoded there. */
export interface DescribedSource extends Source {
  readonly spec?: SourceSpec;
}

/**
 * Creates the source of a spec, on any thread. Nothing is opened yet.
 *
 * @throws UserError `bad-source`, `bad-url`
 */
export function sourceOf(spec: SourceSpec): DescribedSource {
  const { uri, folder, playlists, privateNetworks, pcm, persistent } = spec;
  const source = openSource(uri, {
    folder,
    playlists,
    titles: true,
    ...(pcm && { pcm }),
    ...(privateNetworks && { guard: publicOnly(privateNetworks) }),
  });
  // A source that can be read only once is not retried.
  const lasting = persistent && !isReadOnce(uri) ? persistentSource(source) : source;
  return needsMainThread(uri) ? lasting : { ...lasting, spec };
}

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { demoSource } from './demo.ts';
import { fileSource } from './file.ts';
import type { AddressGuard } from './http/address-guard.ts';
import { httpSource } from './http.ts';
import { soundcardSource } from './soundcard.ts';
import {
  flagParam,
  integerParam,
  onlyParams,
  parseSourceUri,
  type SourceUri,
  streamName,
} from './source-uri.ts';
import { type PcmInput, stdinSource } from './stdin.ts';

export { parseStreamSpec, streamName } from './source-uri.ts';

export interface SourceOptions {
  /** Recordings and the demo in real time (the default), or as fast as they are pulled. */
  readonly paced?: boolean;
  /** Raw samples on standard input; without it, standard input is a recording. */
  readonly pcm?: PcmInput;
  /** Of the demo piece, where its URI has none. */
  readonly seed?: number;
  /** Folder that relative paths of `file:` begin at; else the working directory. */
  readonly folder?: string | undefined;
  /** Where `http:` and `https:` may connect to; else anywhere. */
  readonly guard?: AddressGuard | undefined;
}

/** The kinds of source, by scheme. A new kind is a new file and a line here. */
const KINDS: Readonly<Record<string, (uri: SourceUri, options: SourceOptions) => Source>> = {
  soundcard(uri) {
    onlyParams(uri, ['rate', 'channels']);
    const sampleRateHz = integerParam(uri, 'rate', 8000, 192_000);
    const channels = integerParam(uri, 'channels', 1, 32);
    return soundcardSource(uri.uri, uri.path, {
      ...(sampleRateHz && { sampleRateHz }),
      ...(channels && { channels }),
    });
  },
  file(uri, { paced = true, folder }) {
    onlyParams(uri, ['loop']);
    if (uri.path === '') {
      throw new UserError(
        'bad-source',
        `"${uri.uri}" names no file: expected file:PATH, such as file:song.ogg.`,
      );
    }
    const path = uri.path.startsWith('//') ? pathOf(uri) : uri.path;
    return fileSource(uri.uri, folder === undefined ? path : resolve(folder, path), {
      paced,
      loop: flagParam(uri, 'loop'),
    });
  },
  http: web,
  https: web,
  stdin(uri, { pcm }) {
    onlyParams(uri, []);
    return stdinSource(uri.uri, { ...(pcm && { pcm }) });
  },
  demo(uri, { paced = true, seed = 1 }) {
    onlyParams(uri, ['seed', 'rate', 'channels']);
    return demoSource(uri.uri, {
      paced,
      seed: integerParam(uri, 'seed', 0, 2 ** 32 - 1) ?? seed,
      sampleRateHz: integerParam(uri, 'rate', 8000, 192_000) ?? 44_100,
      channels: integerParam(uri, 'channels', 1, 2) ?? 2,
    });
  },
};

/** `file:///music/song.ogg`, as browsers and file managers write it. */
function pathOf({ uri, path }: SourceUri): string {
  try {
    return fileURLToPath(`file:${path}`);
  } catch (cause) {
    const message = `"${uri}" names no file of this computer: expected file:PATH, such as file:song.ogg.`;
    throw new UserError('bad-source', message, { cause });
  }
}

function web({ uri }: SourceUri, { paced = true, guard }: SourceOptions): Source {
  return httpSource(uri, { paced, guard });
}

/**
 * The source that a URI names; nothing is opened yet.
 *
 * @throws UserError `bad-source` for an unknown scheme or option
 */
export function openSource(uri: string, options: SourceOptions = {}): Source {
  const parsed = parseSourceUri(uri);
  const kind = Object.hasOwn(KINDS, parsed.scheme) ? KINDS[parsed.scheme] : undefined;
  if (kind) return kind(parsed, options);
  const known = Object.keys(KINDS)
    .map((scheme) => `${scheme}:`)
    .join(', ');
  throw new UserError('bad-source', `"${uri}" is of no known kind: expected one of ${known}.`);
}

/**
 * A recording for `undertone track` and its like: a path, a web address, a source URI, or `-` for standard
 * input. It comes as fast as it is pulled, unless `paced` is asked for.
 *
 * @throws UserError `bad-source` for an empty input and for a URI of no known kind
 */
export function openRecording(
  input: string,
  options: SourceOptions = {},
): { readonly source: Source; readonly name: string } {
  const settings = { paced: false, ...options };
  if (input === '') {
    throw new UserError('bad-source', 'The input is empty: expected a file, a web address, or - for a pipe.');
  }
  if (input === '-') return { source: openSource('stdin:', settings), name: 'stdin' };
  // One letter before a colon is a drive, not a scheme.
  if (/^[a-z][a-z0-9+-]+:/i.test(input))
    return { source: openSource(input, settings), name: streamName(input) };
  return {
    source: fileSource(`file:${input}`, input, { paced: settings.paced }),
    name: streamName(`file:${input}`),
  };
}

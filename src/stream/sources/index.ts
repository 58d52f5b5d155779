import { existsSync } from 'node:fs';
import type { Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { demo } from './demo.ts';
import { file, fileSource } from './file.ts';
import { http } from './http.ts';
import { soundcard } from './soundcard.ts';
import type { SourceKind, SourceOptions } from './source-kind.ts';
import { parseSourceUri, streamNameOf } from './source-uri.ts';
import { stdin } from './stdin.ts';

/** The registry: a kind of source is one file here, and one line. The order is the one in help texts. */
const SOURCE_KINDS: readonly SourceKind[] = [soundcard, file, http, stdin, demo];

/** All forms of URIs, for help texts. */
export const SOURCE_USAGE = SOURCE_KINDS.map(({ usage }) => usage).join(', ');

/** The forms of URIs that a server can open again after an error: all but standard input. */
export const REOPENABLE_USAGE = SOURCE_KINDS.filter(({ once }) => !once)
  .map(({ usage }) => usage)
  .join(', ');

/** The schemes that clients may add to a running server, with their colon: all of them, and those on by default. */
export const REMOTE_SCHEMES = schemesWithColon(({ remote }) => remote !== undefined);
export const DEFAULT_REMOTE_SCHEMES = schemesWithColon(({ remote }) => remote === 'default');

/** The kinds that clients may add to a running server, if its configuration allows it: the schemes and form of each. */
export const sourceForms = (): readonly Pick<SourceKind, 'schemes' | 'usage'>[] =>
  SOURCE_KINDS.filter(
    ({ remote, once, schemes }) => !once && (remote !== undefined || schemes.includes('file')),
  );

/** Whether audio of a URI is lost if nobody takes it in time, as from a sound card or a sender. */
export function isLive(uri: string): boolean {
  return !kindOfUri(uri)?.waits;
}

/** Whether the audio of a URI can be read only once, as from standard input. */
export function isReadOnce(uri: string): boolean {
  return kindOfUri(uri)?.once ?? false;
}

/** Whether a source cannot be opened in a worker thread. */
export function needsMainThread(uri: string): boolean {
  return kindOfUri(uri)?.mainThread ?? false;
}

function kindOfUri(uri: string): SourceKind | undefined {
  const start = uri.toLowerCase();
  return SOURCE_KINDS.find(({ schemes }) => schemes.some((scheme) => start.startsWith(`${scheme}:`)));
}

/**
 * Creates the source of a URI. Nothing is opened yet.
 *
 * @throws UserError `bad-source` for an unknown scheme or option
 */
export function openSource(uri: string, options: SourceOptions = {}): Source {
  return createSource(uri, options, `file:${uri}`);
}

/** @param asFile how to write the name of a file that looks like the URI, for the error */
function createSource(uri: string, options: SourceOptions, asFile: string): Source {
  const parsed = parseSourceUri(uri);
  const kind = kindOf(parsed.scheme);
  if (kind) return kind.create(parsed, options);
  const known = SOURCE_KINDS.flatMap(({ schemes }) => schemes.map((scheme) => `${scheme}:`)).join(', ');
  const message = `"${uri}" is not a known kind of source: expected one of ${known}; for a file of that name write "${asFile}".`;
  throw new UserError('bad-source', message);
}

/**
 * Creates the source for a user's input: a path, a web address, a source URI, or `-` for standard input. It delivers
 * as fast as it is pulled, unless `paced` is set. A name with a colon, such as `Suite: first part.wav`, is a file if it
 * is no URI and there is such a file.
 *
 * @returns the source and a name for its stream
 * @throws UserError `bad-source` for an empty input and for an unknown scheme or option
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
  const { paced, playlists = false, largePieces = false, titles = false } = settings;
  const asFile = () => ({
    source: fileSource(`file:${input}`, input, { paced, playlists, largePieces, titles }),
    name: streamNameOf(`file:${input}`),
  });
  // One letter before a colon is a drive, not a scheme.
  if (!/^[a-z][a-z0-9+-]+:/i.test(input)) return asFile();
  try {
    return { source: createSource(input, settings, `./${input}`), name: streamNameOf(input) };
  } catch (error) {
    if (existsSync(input)) return asFile();
    throw error;
  }
}

function kindOf(scheme: string): SourceKind | undefined {
  return SOURCE_KINDS.find(({ schemes }) => schemes.includes(scheme));
}

function schemesWithColon(belongs: (kind: SourceKind) => boolean): readonly string[] {
  return SOURCE_KINDS.filter(belongs)
    .flatMap(({ schemes }) => schemes.map((scheme) => `${scheme}:`))
    .sort();
}

import { basename, extname } from 'node:path';
import { STREAM_NAME } from '../../types.ts';
import { UserError } from '../../user-error.ts';

/** The parts of a URI such as `file:song.ogg?loop=1`. */
export interface SourceUri {
  /** As the user wrote it. */
  readonly uri: string;
  /** In lower case, without the colon. */
  readonly scheme: string;
  /** The part between the colon and the options; it may contain colons, spaces and question marks. */
  readonly path: string;
  /** The options as they are written, such as `?loop=1`; empty without any. */
  readonly query: string;
  readonly params: ReadonlyMap<string, string>;
}

/** @throws UserError `bad-source` for text without a scheme */
export function parseSourceUri(uri: string): SourceUri {
  const scheme = /^([a-z][a-z0-9+-]*):/i.exec(uri)?.[1];
  if (!scheme) {
    const message = `"${uri}" is not a source: expected a URI such as soundcard:, file:song.ogg or demo:.`;
    throw new UserError('bad-source', message);
  }
  const rest = uri.slice(scheme.length + 1);
  // Only a tail of the form ?name=value&… is options, so that a file may be called "Why? Because.ogg".
  const query = /\?[a-z]+=[^&?/\\]*(?:&[a-z]+=[^&?/\\]*)*$/.exec(rest)?.[0] ?? '';
  return {
    uri,
    scheme: scheme.toLowerCase(),
    path: rest.slice(0, rest.length - query.length),
    query,
    params: new Map(new URLSearchParams(query)),
  };
}

/** @throws UserError `bad-source` for an option that the source does not have, usually a typo */
export function checkParams({ uri, scheme, params }: SourceUri, known: readonly string[]): void {
  for (const name of params.keys()) {
    if (known.includes(name)) continue;
    const expected = known.length > 0 ? `expected ${known.join(', ')}` : `${scheme}: has no options`;
    throw new UserError('bad-source', `"${uri}" has an unknown option "${name}": ${expected}.`);
  }
}

/** @throws UserError `bad-source` for a URI that should be a scheme and options only */
export function checkNoPath({ uri, scheme, path }: SourceUri): void {
  if (path === '') return;
  const message = `"${uri}" has a name after ${scheme}: where none is expected; for a file of that name write "file:${uri}".`;
  throw new UserError('bad-source', message);
}

/** An option that is a whole number from `min` to `max`; undefined if it is absent. */
export function integerParam(
  { uri, params }: SourceUri,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const text = params.get(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  const message = `"${uri}" has ${name}=${text}: expected a whole number from ${min} to ${max}.`;
  throw new UserError('bad-source', message);
}

/** An option that is on (`1`, `true`) or off (`0`, `false`, absent). */
export function flagParam({ uri, params }: SourceUri, name: string): boolean {
  const text = params.get(name) ?? '0';
  if (['1', 'true'].includes(text)) return true;
  if (['0', 'false'].includes(text)) return false;
  throw new UserError('bad-source', `"${uri}" has ${name}=${text}: expected 1 or 0.`);
}

/** A stream as the command line names it: `booth=soundcard:`, or just `soundcard:`. */
export function parseStreamSpec(spec: string): { readonly name: string; readonly uri: string } {
  // A name has no colon, so an equals sign after a colon belongs to the URI.
  const named = /^([^=:]*)=(.*)$/s.exec(spec);
  if (!named) return { name: streamNameOf(spec), uri: spec };
  const [, name, uri] = named as unknown as [string, string, string];
  checkStreamName(name);
  parseSourceUri(uri);
  return { name, uri };
}

/** @throws UserError `bad-stream-name` */
export function checkStreamName(name: string): void {
  if (STREAM_NAME.test(name)) return;
  const message = `"${name}" is not a valid stream name: expected lower-case letters, digits, dots, dashes and underscores, at most 64, beginning with a letter or digit.`;
  throw new UserError('bad-stream-name', message);
}

/** The default name of a URI's stream: a slug of its file name, device or path, else the scheme. */
export function streamNameOf(uri: string): string {
  const { scheme, path } = parseSourceUri(uri);
  // Only a URL is encoded: http://radio.example/a%20b.mp3, file:///music/a%20b.mp3.
  const base = path.startsWith('//') ? decoded(basename(path)) : basename(path);
  const slug = base
    .slice(0, base.length - extname(base).length)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64)
    .replace(/[^a-z0-9]+$/, '');
  return slug || scheme.slice(0, 64);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A % that is part of the name.
  }
}

import { basename, extname } from 'node:path';
import { STREAM_NAME } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { parseSourceUri } from './source-uri.ts';

/** A stream as the command line names it: `booth=soundcard:`, or just `soundcard:`. */
export function parseStreamSpec(spec: string): { readonly name: string; readonly uri: string } {
  // A name has no colon, so an equals sign behind one belongs to the URI.
  const named = /^([^=:]*)=(.*)$/s.exec(spec);
  if (!named) return { name: streamName(spec), uri: spec };
  const [, name, uri] = named as unknown as [string, string, string];
  checkStreamName(name);
  parseSourceUri(uri);
  return { name, uri };
}

/** @throws UserError `bad-stream-name` */
export function checkStreamName(name: string): void {
  if (STREAM_NAME.test(name)) return;
  const message = `"${name}" cannot name a stream: expected lower-case letters, digits, dots, dashes and underscores, at most 64, beginning with a letter or digit.`;
  throw new UserError('bad-stream-name', message);
}

/** A name for a stream that was given none: the scheme, or a slug of what the URI names. */
export function streamName(uri: string): string {
  const { scheme, path } = parseSourceUri(uri);
  const base = basename(path);
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

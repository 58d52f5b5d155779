import type { Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { fileSource } from './file.ts';
import { openSource, type SourceOptions } from './index.ts';
import { streamName } from './stream-spec.ts';

/**
 * A recording for `undertone track` and its like: a path, a web address, a source URI, or `-` for standard
 * input. It comes as fast as it is pulled.
 *
 * @throws UserError `bad-source` for an empty input and for a URI of no known kind
 */
export function openRecording(
  input: string,
  options: SourceOptions = {},
): { readonly source: Source; readonly name: string } {
  const unpaced = { ...options, paced: false };
  if (input === '') {
    throw new UserError('bad-source', 'The input is empty: expected a file, a web address, or - for a pipe.');
  }
  if (input === '-') return { source: openSource('stdin:', unpaced), name: 'stdin' };
  // One letter before a colon is a drive, not a scheme.
  if (/^[a-z][a-z0-9+-]+:/i.test(input))
    return { source: openSource(input, unpaced), name: streamName(input) };
  return { source: fileSource(`file:${input}`, input, { paced: false }), name: streamName(`file:${input}`) };
}

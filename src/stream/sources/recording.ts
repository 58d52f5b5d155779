import type { Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { fileSource } from './file.ts';
import { openSource, type SourceOptions } from './index.ts';
import { streamName } from './stream-spec.ts';

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

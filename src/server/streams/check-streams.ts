import { isReadOnce } from '../../stream/sources/index.ts';
import { UserError } from '../../user-error.ts';
import type { StreamEntry } from './schema.ts';
import type { OpenStream } from './stream-manager.ts';

export interface CheckOptions {
  /** Creates the source and loads the model of each stream; the sources are not read. */
  readonly open: OpenStream;
  /** The sources given on the command line. */
  readonly otherSources: readonly { readonly name: string; readonly uri: string }[];
}

/**
 * Rejects a configuration with a stream that can never start, before any of it is applied. A source that may
 * become available later, such as a file or a sound card, is accepted.
 *
 * @throws UserError `bad-config`: one sentence with the path of the key, such as `streams[1].source`
 */
export async function checkStreams(
  streams: readonly StreamEntry[],
  { open, otherSources }: CheckOptions,
): Promise<void> {
  const names = new Set(otherSources.map(({ name }) => name));
  let stdinReaders = otherSources.filter(({ uri }) => isReadOnce(uri)).length;
  for (const [i, entry] of streams.entries()) {
    if (names.has(entry.name)) {
      const reason = `"${entry.name}" is already the name of a source on the command line: choose another.`;
      throw wrong(`streams[${i}].name`, reason);
    }
    if (isReadOnce(entry.source) && ++stdinReaders > 1)
      throw wrong(`streams[${i}].source`, 'only one stream can read standard input.');
    try {
      await open(entry, undefined);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const key = KEYS[error.code] ?? 'model';
      throw wrong(`streams[${i}].${key}`, error.message, error);
    }
  }
}

/** Every other error of `open` concerns the model, which may lack weights. */
const KEYS: Readonly<Record<string, string>> = {
  'bad-source': 'source',
  'bad-url': 'source',
  'unknown-profile': 'profile',
  'bad-profile': 'profile',
  'profile-not-fitted': 'profile',
  'profile-model': 'profile',
};

const wrong = (key: string, sentence: string, cause?: unknown) =>
  new UserError('bad-config', `The configuration is invalid: ${key}: ${sentence}`, { cause });

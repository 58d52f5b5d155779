import { isReadOnce } from '../../stream/sources/index.ts';
import { UserError } from '../../user-error.ts';
import type { StreamEntry } from './stream-entry.ts';
import type { OpenStream } from './stream-manager.ts';

export interface CheckOptions {
  /** Makes sources and loads models as they are made for the streams themselves; nothing is heard of them. */
  readonly open: OpenStream;
  /** Sources that run beside the configuration's streams. */
  readonly beside: readonly { readonly name: string; readonly uri: string }[];
}

/**
 * Refuses a configuration with a stream that can never be heard, before anything is changed for it. A source
 * that may be there later, such as a file or a sound card, is none of that.
 *
 * @throws UserError `bad-config`: one sentence with the path of the key, such as `streams[1].source`
 */
export async function checkStreams(
  streams: readonly StreamEntry[],
  { open, beside }: CheckOptions,
): Promise<void> {
  const names = new Set(beside.map(({ name }) => name));
  let readers = beside.filter(({ uri }) => isReadOnce(uri)).length;
  for (const [i, entry] of streams.entries()) {
    if (names.has(entry.name)) {
      const why = `"${entry.name}" is the name of a source that runs beside the configuration: choose another.`;
      throw wrong(`streams[${i}].name`, why);
    }
    if (isReadOnce(entry.source) && ++readers > 1)
      throw wrong(`streams[${i}].source`, 'standard input can be heard by one stream only.');
    try {
      await open(entry, undefined);
    } catch (fault) {
      if (!(fault instanceof UserError)) throw fault;
      const key = SOURCE_FAULTS.has(fault.code) ? 'source' : 'model';
      throw wrong(`streams[${i}].${key}`, fault.message, fault);
    }
  }
}

/** All else that `open` refuses is of the model, which may lack a tagger or weights of its own. */
const SOURCE_FAULTS: ReadonlySet<string> = new Set(['bad-source', 'bad-url']);

const wrong = (key: string, sentence: string, cause?: unknown) =>
  new UserError('bad-config', `The configuration is wrong: ${key}: ${sentence}`, { cause });

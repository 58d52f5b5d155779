import type { AudioChunk, Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { cutChunks } from '../chunks.ts';
import { decodeStream } from '../decode/decode.ts';
import { PcmDecoder, type PcmLayout } from '../pcm.ts';
import { abortable } from '../pull.ts';
import { playlistRefused, recognize } from './playlist/recognize.ts';
import type { SourceKind } from './source-kind.ts';
import { checkNoPath, checkParams } from './source-uri.ts';

/** `stdin:`: a recording or raw PCM on standard input. */
export const stdin: SourceKind = {
  schemes: ['stdin'],
  usage: 'stdin:',
  waits: true,
  once: true,
  mainThread: true,
  create(uri, { pcm }) {
    checkNoPath(uri);
    checkParams(uri, []);
    return stdinSource(uri.uri, { ...(pcm && { pcm }) });
  },
};

/** Standard input, or a substitute in a test. */
export type ByteInput = AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };

const NAME = 'Standard input';

/**
 * Audio from standard input. It is read as it arrives, but no faster than the consumer pulls: a full pipe makes
 * its writer wait.
 *
 * @param options.pcm the layout of raw PCM; absent: the input is a recording
 */
export function stdinSource(
  uri: string,
  { pcm, input = process.stdin }: { readonly pcm?: PcmLayout; readonly input?: ByteInput } = {},
): Source {
  let opened = false;
  return {
    uri,
    open(signal) {
      if (opened) throw new UserError('bad-source', `${NAME} can be read only once: restart the program.`);
      opened = true;
      if (input.isTTY) {
        const message = `${NAME} is a terminal: pipe audio into it, for example arecord -f cd -t wav | undertone serve --source stdin:`;
        throw new UserError('bad-source', message);
      }
      return pcm ? rawChunks(input, pcm, signal) : recording(input, signal);
    },
  };
}

async function* recording(
  input: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<AudioChunk, void, undefined> {
  const content = await recognize(abortable(input, signal), { name: NAME });
  if (content.playlist) throw playlistRefused(content.playlist, NAME);
  yield* decodeStream(content.bytes, { signal, name: NAME });
}

async function* rawChunks(
  input: AsyncIterable<Uint8Array>,
  { format, sampleRateHz, channels }: PcmLayout,
  signal: AbortSignal,
): AsyncGenerator<AudioChunk, void, undefined> {
  const decoder = new PcmDecoder(format, channels);
  let bytes = 0;
  for await (const piece of abortable(input, signal)) {
    bytes += piece.length;
    yield* cutChunks({ sampleRateHz, channels, samples: decoder.push(piece) });
  }
  if (signal.aborted) return;
  if (bytes === 0) throw new UserError('bad-audio', `${NAME} is empty: expected ${format} samples.`);
  if (decoder.remainderBytes > 0) {
    const message = `${NAME} ended within a sample (${decoder.remainderBytes} bytes left over): check that it is ${format} with ${channels} channels.`;
    throw new UserError('truncated-audio', message);
  }
}

import type { AudioChunk, AudioFormat, Source } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { abortable, cutChunks } from '../chunks.ts';
import { decodeStream } from '../decode/decode.ts';
import { PcmDecoder, type PcmFormat } from '../pcm.ts';

/** What raw samples on a pipe are. */
export interface PcmInput extends AudioFormat {
  readonly format: PcmFormat;
}

/** Standard input, or what stands in for it in a test. */
export type ByteInput = AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };

const NAME = 'Standard input';

/**
 * `stdin:`: a recording or, with `pcm`, raw samples. They are taken as they come and no faster than the
 * consumer pulls: a full pipe holds its writer back.
 */
export function stdinSource(
  uri: string,
  { pcm, input = process.stdin }: { readonly pcm?: PcmInput; readonly input?: ByteInput } = {},
): Source {
  let opened = false;
  return {
    uri,
    open(signal) {
      if (opened)
        throw new UserError('bad-source', `${NAME} can be heard only once, for what was read is gone.`);
      opened = true;
      if (input.isTTY) {
        const message = `${NAME} is a terminal: pipe audio into it, for example arecord -f cd -t wav | undertone serve --source stdin:`;
        throw new UserError('bad-source', message);
      }
      return pcm ? rawChunks(input, pcm, signal) : decodeStream(input, { signal, name: NAME });
    },
  };
}

async function* rawChunks(
  input: AsyncIterable<Uint8Array>,
  { format, sampleRateHz, channels }: PcmInput,
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

import type { AudioChunk, SourceItem } from '../../src/types.ts';
import { concat } from './audio.ts';

/** All audio of a source or decoder as one: interleaved samples, with the format of the first chunk. */
export async function collect(
  items: AsyncIterable<SourceItem>,
  maxSeconds = Number.POSITIVE_INFINITY,
): Promise<{ samples: Float32Array; sampleRateHz: number; channels: number; chunks: AudioChunk[] }> {
  const chunks: AudioChunk[] = [];
  let seconds = 0;
  for await (const item of items) {
    if (item.type !== 'audio') continue;
    chunks.push(item);
    seconds += item.samples.length / item.channels / item.sampleRateHz;
    if (seconds >= maxSeconds) break;
  }
  const samples = concat(chunks.map((chunk) => chunk.samples));
  return {
    samples,
    sampleRateHz: chunks[0]?.sampleRateHz ?? 0,
    channels: chunks[0]?.channels ?? 0,
    chunks,
  };
}

/** Yields bytes as a pipe does, in pieces of `size`, each in its own buffer. */
export async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

/** Whether all samples are equal; `toEqual` takes seconds for a second of audio. */
export function sameSamples(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

import type { Readable } from 'node:stream';

/**
 * Iterates the bytes of a stream. When it fails, the bytes that it holds already come before its error: Node's own
 * iteration discards them, up to 64 KiB of a connection that breaks off.
 */
export async function* readStream(stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    for (let held = stream.read(); held !== null; held = stream.read()) yield held as Buffer;
    throw error;
  }
}

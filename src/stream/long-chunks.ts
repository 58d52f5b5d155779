import type { AudioChunk, Source, SourceItem } from '../types.ts';
import { concatFloats } from '../util/concat-floats.ts';

/** 16 steps: more are hardly faster to compute together. */
const SECONDS = 8;
/** A chunk of its own memory that is this long is passed on as it is: joining it would only copy it. */
const LONG_ENOUGH_SECONDS = 2.5;
/** A station in a playlist does not wait for longer: then a chunk has what has arrived. */
const MAX_WAIT_MS = 500;

/**
 * The same source with its chunks joined into long ones, so that their steps are computed together (see `passages`).
 * Only for a recording that is read faster than it plays: a chunk waits for those that it is joined with.
 */
export function longChunks(source: Source): Source {
  return { uri: source.uri, ownSamples: true, open: (signal) => join(source.open(signal)) };
}

async function* join(items: AsyncIterable<SourceItem>): AsyncGenerator<SourceItem, void, undefined> {
  let held: AudioChunk[] = [];
  let length = 0;
  let since = 0;
  function* release() {
    if (held.length > 0) yield joined(held);
    held = [];
    length = 0;
  }
  try {
    for await (const item of items) {
      if (held[0] && !continues(item, held[0])) yield* release();
      if (item.type !== 'audio') {
        yield item;
        continue;
      }
      if (held.length === 0) since = performance.now();
      held.push(item);
      length += item.samples.length;
      const long =
        length >= SECONDS * item.sampleRateHz * item.channels || (held.length === 1 && isWhole(item));
      if (long || performance.now() - since >= MAX_WAIT_MS) yield* release();
    }
  } catch (error) {
    // What was read before the error is analyzed.
    yield* release();
    throw error;
  }
  yield* release();
}

function isWhole({ samples, sampleRateHz, channels }: AudioChunk): boolean {
  const long = samples.length >= LONG_ENOUGH_SECONDS * sampleRateHz * channels;
  return long && samples.byteLength === samples.buffer.byteLength;
}

/** Whether the item is more audio in the same format, with nothing in between. */
function continues(item: SourceItem, { sampleRateHz, channels }: AudioChunk): boolean {
  return (
    item.type === 'audio' &&
    item.sampleRateHz === sampleRateHz &&
    item.channels === channels &&
    !item.lostSamples &&
    !item.track
  );
}

function joined(chunks: readonly AudioChunk[]): AudioChunk {
  if (chunks.length === 1 && isWhole(chunks[0]!)) return chunks[0]!;
  const samples = concatFloats(chunks.map((chunk) => chunk.samples));
  return { ...chunks[0]!, samples, arrivedAtMs: chunks.at(-1)!.arrivedAtMs };
}

import type { AudioChunk, Source, SourceItem } from '../types.ts';

/** 32 steps: more are no faster to compute together. */
const SECONDS = 16;

/**
 * The same source with its chunks joined into long ones, so that their steps are computed together (see `passages`).
 * Only for a recording that is read faster than it plays: a chunk waits for those that it is joined with.
 */
export function longChunks(source: Source): Source {
  return { uri: source.uri, open: (signal) => join(source.open(signal)) };
}

async function* join(items: AsyncIterable<SourceItem>): AsyncGenerator<SourceItem, void, undefined> {
  let held: AudioChunk[] = [];
  let length = 0;
  function* release() {
    if (held.length > 0) yield joined(held, length);
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
      held.push(item);
      length += item.samples.length;
      if (length >= SECONDS * item.sampleRateHz * item.channels) yield* release();
    }
  } catch (error) {
    // What was read before the error is analyzed.
    yield* release();
    throw error;
  }
  yield* release();
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

function joined(chunks: readonly AudioChunk[], length: number): AudioChunk {
  const [first] = chunks as [AudioChunk];
  if (chunks.length === 1) return first;
  const samples = new Float32Array(length);
  let at = 0;
  for (const chunk of chunks) {
    samples.set(chunk.samples, at);
    at += chunk.samples.length;
  }
  return { ...first, samples, arrivedAtMs: chunks.at(-1)!.arrivedAtMs };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { AudioChunk, AudioFormat } from '../types.ts';

/** No source delivers longer chunks: a step is never kept waiting for more audio than it needs. */
export const MAX_CHUNK_SECONDS = 0.5;

/** Cuts samples that have just arrived into chunks of at most `maxSeconds`; views, not copies. */
export function* cutChunks(
  audio: AudioFormat & { readonly samples: Float32Array },
  maxSeconds: number = MAX_CHUNK_SECONDS,
): Generator<AudioChunk, void, undefined> {
  const { sampleRateHz, channels, samples } = audio;
  const length = Math.max(1, Math.floor(sampleRateHz * maxSeconds)) * channels;
  const arrivedAtMs = performance.now();
  for (let at = 0; at < samples.length; at += length) {
    const cut = samples.length <= length ? samples : samples.subarray(at, at + length);
    yield { type: 'audio', sampleRateHz, channels, samples: cut, arrivedAtMs };
  }
}

/** Short, so that meters move smoothly and a step waits little for the end of a chunk. */
const PACED_CHUNK_SECONDS = 0.1;
/** Later than this (the machine slept, the consumer was slow) the schedule begins anew: no burst. */
const MAX_LAG_MS = 1000;

/**
 * Lets recorded audio come as if it were played now: each chunk when its last sample would have been
 * heard. Where the consumer is late, it still counts as arrived then, so that being late shows as latency.
 * Ends without a fault on abort.
 */
export async function* pace(
  chunks: AsyncIterable<AudioChunk>,
  signal: AbortSignal,
): AsyncGenerator<AudioChunk, void, undefined> {
  let dueMs = performance.now();
  for await (const whole of chunks) {
    for (const chunk of cutChunks(whole, PACED_CHUNK_SECONDS)) {
      dueMs += (1000 * chunk.samples.length) / chunk.channels / chunk.sampleRateHz;
      const waitMs = dueMs - performance.now();
      if (waitMs < -MAX_LAG_MS) dueMs = performance.now();
      if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      yield { ...chunk, arrivedAtMs: waitMs > 0 ? performance.now() : dueMs };
    }
  }
}

/** The same items, but an abort ends the iteration at once, also while the next item is not there yet. */
export async function* abortable<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  if (!signal) {
    yield* items;
    return;
  }
  const iterator = items[Symbol.asyncIterator]();
  // Of the read in hand. Not Promise.race: it would hold every item that was ever read until the abort.
  let letGo = () => {};
  const abort = () => letGo();
  signal.addEventListener('abort', abort, { once: true });
  let hanging: Promise<IteratorResult<T>> | undefined;
  let ended = false;
  try {
    for (;;) {
      const reading = iterator.next();
      const result = await new Promise<IteratorResult<T> | 'aborted'>((resolve, reject) => {
        letGo = () => resolve('aborted');
        if (signal.aborted) letGo();
        reading.then(resolve, reject);
      });
      if (result === 'aborted') {
        hanging = reading;
        return;
      }
      if (result.done) {
        ended = true;
        return;
      }
      yield result.value;
    }
  } catch (fault) {
    ended = true;
    throw fault;
  } finally {
    signal.removeEventListener('abort', abort);
    if (!ended) {
      const returned = iterator.return?.()?.catch(() => {});
      // A read that hangs must not hold up the one who aborted; its fault, should it have one, comes too late.
      if (hanging) hanging.catch(() => {});
      else await returned;
    }
  }
}

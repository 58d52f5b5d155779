import { setTimeout as sleep } from 'node:timers/promises';
import type { AudioChunk } from '../../types.ts';
import { cutChunks } from './cut-chunks.ts';

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

import { setTimeout as sleep } from 'node:timers/promises';
import type { AudioChunk, AudioFormat } from '../types.ts';

export const chunkSeconds = ({
  samples,
  channels,
  sampleRateHz,
}: AudioFormat & { readonly samples: Float32Array | Int16Array }): number =>
  samples.length / channels / sampleRateHz;

/** The longest chunk that a source delivers: a step never waits for more audio than it needs. */
const MAX_CHUNK_SECONDS = 0.5;

/**
 * Cuts samples that have just arrived into chunks of at most `maxSeconds`. The chunks are views, not copies. A track
 * begins with the first one.
 */
export function* cutChunks(
  audio: AudioFormat & Pick<AudioChunk, 'samples' | 'track'>,
  maxSeconds: number = MAX_CHUNK_SECONDS,
): Generator<AudioChunk, void, undefined> {
  const { sampleRateHz, channels, samples, track } = audio;
  const length = Math.max(1, Math.floor(sampleRateHz * maxSeconds)) * channels; // may be infinite
  const arrivedAtMs = performance.now();
  for (let at = 0; at < samples.length; at += length) {
    const cut = samples.length <= length ? samples : samples.subarray(at, at + length);
    const chunk: AudioChunk = { type: 'audio', sampleRateHz, channels, samples: cut, arrivedAtMs };
    yield track && at === 0 ? { ...chunk, track } : chunk;
  }
}

/** Short, so that meters move smoothly and a step does not wait long for the end of a chunk. */
const PACED_CHUNK_SECONDS = 0.1;
/** When it is later than this (the computer slept, the consumer was slow), the schedule restarts: no burst. */
const MAX_LAG_MS = 1000;

/**
 * Plays recorded audio in real time: yields each chunk when a player would have played its last sample. For a
 * consumer that pulls too late, `arrivedAtMs` is still that moment, so the delay shows up as latency.
 * An abort ends it without an error.
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

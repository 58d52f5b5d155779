import type { AudioChunk, AudioFormat } from '../../types.ts';

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

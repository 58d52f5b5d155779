import type { AudioFormat, Source, SourceItem } from '../../src/types.ts';
import { cut } from './audio.ts';

/** A source that delivers the given items and then ends. */
export function sourceOf(items: Iterable<SourceItem>, uri = 'test:'): Source {
  return {
    uri,
    async *open(signal) {
      for (const item of items) {
        if (signal.aborted) return;
        yield item;
      }
    },
  };
}

/** A source that delivers samples in chunks of up to `longest` samples per channel. */
export function chunkedSource(
  samples: Float32Array,
  { sampleRateHz, channels }: AudioFormat,
  longest = 22_050,
  seed = 1,
): Source {
  return sourceOf(
    [...cut(samples, channels, longest, seed)].map((piece) => ({
      type: 'audio',
      samples: piece,
      sampleRateHz,
      channels,
      arrivedAtMs: performance.now(),
    })),
  );
}

import { expect, test } from 'vitest';
import { Forward } from '../../../src/server/shards/forward.ts';
import type { AudioChunk, Source, SourceItem } from '../../../src/types.ts';
import { until } from '../support.ts';

/** What a shard would receive of a source with one chunk. */
async function forwarded(samples: Float32Array, ownSamples?: boolean) {
  const chunk: AudioChunk = { type: 'audio', sampleRateHz: 8000, channels: 1, samples, arrivedAtMs: 0 };
  const source: Source = {
    uri: 'test:',
    ...(ownSamples !== undefined && { ownSamples }),
    async *open() {
      yield chunk;
    },
  };
  const sent: { item: SourceItem; transfer: readonly ArrayBuffer[] }[] = [];
  let ended = false;
  new Forward(
    source,
    {
      items: ([item], transfer) => void sent.push({ item: item!, transfer }),
      end: () => {
        ended = true;
      },
    },
    () => {},
  );
  await until(() => ended, 'the end');
  return sent[0]!;
}

test('samples that are the source’s own are handed over, all others are copied', async () => {
  const shared = new Float32Array(8_000).fill(0.25);
  const copy = await forwarded(shared.subarray(100, 900));
  expect(copy.transfer[0]).not.toBe(shared.buffer);
  expect(copy.transfer[0]!.byteLength).toBe(3_200);
  expect((copy.item as AudioChunk).samples).toEqual(shared.subarray(100, 900));

  const own = new Float32Array(800).fill(0.5);
  const handed = await forwarded(own, true);
  expect(handed.transfer).toEqual([own.buffer]);
  expect(handed.transfer[0]).toBe(own.buffer);
});

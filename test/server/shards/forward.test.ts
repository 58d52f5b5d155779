import { expect, test } from 'vitest';
import { Forward } from '../../../src/server/shards/forward.ts';
import type { ForwardedItem } from '../../../src/server/shards/forwarded-item.ts';
import { createForwardedSource } from '../../../src/server/shards/forwarded-source.ts';
import { FeatureExtractor } from '../../../src/stream/feature-extractor.ts';
import { loadFft } from '../../../src/stream/fft.ts';
import type { AudioChunk, Source } from '../../../src/types.ts';
import { until } from '../support.ts';

const chunkOf = <Samples extends Float32Array | Int16Array>(samples: Samples): AudioChunk<Samples> => ({
  type: 'audio',
  sampleRateHz: 8000,
  channels: 1,
  samples,
  arrivedAtMs: 0,
});

/** What a shard would receive of a source with one chunk. */
async function forwarded(samples: Float32Array, options: Partial<Source> = {}) {
  const source: Source = {
    uri: 'test:',
    async *open() {
      yield chunkOf(samples);
    },
    ...options,
  };
  const sent: { item: ForwardedItem; transfer: readonly ArrayBuffer[] }[] = [];
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
  const handed = await forwarded(own, { ownSamples: true });
  expect(handed.transfer).toEqual([own.buffer]);
  expect(handed.transfer[0]).toBe(own.buffer);
});

test('16-bit samples of a source that has them cross as they are', async () => {
  const integers = Int16Array.of(-32768, 0, 16384, 32767);
  const { item, transfer } = await forwarded(new Float32Array(4), {
    ownSamples: true,
    async *openInt16() {
      yield chunkOf(integers);
    },
  });
  expect((item as AudioChunk<Int16Array>).samples).toBe(integers);
  expect(transfer).toEqual([integers.buffer]);
});

test('a shard converts them for the tracker, into an array that it reuses', async () => {
  const { source, push, end } = createForwardedSource('test:', () => {});
  push([
    chunkOf(Int16Array.of(-32768, 0, 16384)),
    chunkOf(Int16Array.of(32767)),
    chunkOf(Float32Array.of(0.1)),
  ]);
  end();
  const received: number[][] = [];
  const buffers = new Set<unknown>();
  for await (const item of source.open(new AbortController().signal)) {
    const { samples } = item as AudioChunk;
    received.push([...samples]);
    buffers.add(samples.buffer);
  }
  expect(received).toEqual([[-1, 0, 0.5], [32767 / 32768], [Math.fround(0.1)]]);
  expect(buffers.size).toBe(2);
});

test('a shard reports what it has finished once it is a quarter of a second', async () => {
  const taken: number[] = [];
  const { source, push, end } = createForwardedSource('test:', (items) => taken.push(items));
  const second = 2 * 44_100;
  for (const share of [0.1, 0.1, 0.1, 0.5, 0.01, 0.01, 0.3])
    push([{ ...chunkOf(new Float32Array(share * second)), sampleRateHz: 44_100, channels: 2 }]);
  end();
  for await (const _ of source.open(new AbortController().signal));
  expect(taken).toEqual([3, 1, 3]);
});

test('the analysis keeps no samples of a chunk after it', async () => {
  const plans = await loadFft();
  const format = { sampleRateHz: 44_100, channels: 2 };
  const samples = Float32Array.from({ length: 2 * 70_000 }, (_, i) => Math.sin(i / 40) * Math.sin(i / 9_000));
  const windowsOf = (reused: Float32Array | undefined) => {
    const extractor = new FeatureExtractor(plans, format, undefined, ['clip', 'fine', 'harmony']);
    const windows: unknown[] = [];
    for (let at = 0; at < samples.length; at += 8_822) {
      const chunk = samples.slice(at, at + 8_822);
      const passed = reused?.subarray(0, chunk.length) ?? chunk;
      passed.set(chunk);
      for (const window of extractor.push(passed, 0)) windows.push(structuredClone(window));
      reused?.fill(Number.NaN);
    }
    return windows;
  };
  const windows = windowsOf(new Float32Array(8_822));
  expect(windows).toHaveLength(3);
  expect(windows).toEqual(windowsOf(undefined));
});

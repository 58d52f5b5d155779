import { expect, test } from 'vitest';
import { longChunks } from '../../src/stream/long-chunks.ts';
import type { AudioChunk, Source, SourceItem } from '../../src/types.ts';
import { UserError } from '../../src/user-error.ts';
import { sourceOf } from '../support/sources.ts';

/** Half a second, of which each sample is `value`. */
const half = (value: number, more: Partial<AudioChunk> = {}): AudioChunk => ({
  type: 'audio',
  sampleRateHz: 8_000,
  channels: 1,
  samples: new Float32Array(4_000).fill(value),
  arrivedAtMs: value,
  ...more,
});

async function read(source: Source): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const item of longChunks(source).open(new AbortController().signal)) items.push(item);
  return items;
}

/** Seconds of each chunk, or the type of another item. */
const outline = (items: readonly SourceItem[]) =>
  items.map((item) => (item.type === 'audio' ? item.samples.length / item.sampleRateHz : item.type));

test('joins the chunks of 8 s', async () => {
  const items = await read(sourceOf(Array.from({ length: 20 }, (_, i) => half(i))));
  expect(outline(items)).toEqual([8, 2]);
  const [first, second] = items as AudioChunk[];
  expect([first!.samples[3_999], first!.samples[4_000], second!.samples[0]]).toEqual([0, 1, 16]);
  expect(first!.arrivedAtMs).toBe(15);
});

test('begins anew at another format, lost samples, a track and a notice', async () => {
  const items = await read(
    sourceOf([
      half(1),
      half(2, { channels: 2 }),
      half(3),
      half(4, { lostSamples: 5 }),
      half(5, { track: { title: 'A', artist: null } }),
      { type: 'source-lost', message: '' },
      half(6),
      half(7),
    ]),
  );
  expect(outline(items)).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 'source-lost', 1]);
  expect((items[3] as AudioChunk).lostSamples).toBe(5);
  expect((items[4] as AudioChunk).track?.title).toBe('A');
});

test('delivers what came before an error', async () => {
  const failing: Source = {
    uri: 'test:',
    async *open() {
      yield half(1);
      throw new UserError('truncated-audio', 'It ends too early.');
    },
  };
  const items: SourceItem[] = [];
  const reading = (async () => {
    for await (const item of longChunks(failing).open(new AbortController().signal)) items.push(item);
  })();
  await expect(reading).rejects.toMatchObject({ code: 'truncated-audio' });
  expect(outline(items)).toEqual([0.5]);
});

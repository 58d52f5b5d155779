import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChunkQueue } from '../../src/stream/chunk-queue.ts';
import type { AudioChunk, SourceItem } from '../../src/types.ts';
import { UserError } from '../../src/user-error.ts';

/** One channel at 1 kHz, so that a frame is a millisecond; the samples count up from `first`. */
function chunk(first: number, frames: number, more: Partial<AudioChunk> = {}): AudioChunk {
  const samples = Float32Array.from({ length: frames }, (_, i) => first + i);
  return { type: 'audio', sampleRateHz: 1000, channels: 1, samples, arrivedAtMs: 0, ...more };
}

async function drain(queue: ChunkQueue): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const item of queue) items.push(item);
  return items;
}

function audioOf(items: readonly SourceItem[]): AudioChunk[] {
  return items.filter((item) => item.type === 'audio');
}

describe('ChunkQueue', () => {
  it('delivers in order, notices between chunks, and ends', async () => {
    const queue = new ChunkQueue();
    const lost = { type: 'source-lost', message: 'gone' } as const;
    queue.push(chunk(0, 10));
    queue.notice(lost);
    queue.push(chunk(10, 10));
    queue.end();
    expect(await drain(queue)).toEqual([chunk(0, 10), lost, chunk(10, 10)]);
  });

  it('waits for the next item', async () => {
    const queue = new ChunkQueue();
    const items = drain(queue);
    await Promise.resolve();
    queue.push(chunk(0, 10));
    await new Promise(setImmediate);
    queue.push(chunk(10, 5));
    queue.end();
    expect(audioOf(await items).map((c) => c.samples.length)).toEqual([10, 5]);
  });

  it('drops chunks while it is full and adds the loss to the next chunk', async () => {
    const queue = new ChunkQueue({ maxQueuedSeconds: 0.1 });
    expect(queue.push(chunk(0, 100))).toBe(true);
    expect(queue.push(chunk(100, 30))).toBe(false);
    expect(queue.push(chunk(130, 20, { lostSamples: 5 }))).toBe(false);
    expect(queue.droppedSamples).toBe(50);
    expect(queue.queuedSeconds).toBeCloseTo(0.1);

    const iterator = queue[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toEqual(chunk(0, 100));
    expect(queue.push(chunk(155, 10, { lostSamples: 1 }))).toBe(true);
    expect((await iterator.next()).value).toEqual(chunk(155, 10, { lostSamples: 56 }));
  });

  it('counts a loss after the last chunk as time, and converts a loss to the rate of the next chunk', async () => {
    const queue = new ChunkQueue({ maxQueuedSeconds: 0.1 });
    queue.push(chunk(0, 100));
    queue.push(chunk(100, 40, { lostSamples: 2 }));
    queue.end();
    expect((await drain(queue)).at(-1)).toEqual(chunk(0, 0, { lostSamples: 42 }));

    const other = new ChunkQueue({ maxQueuedSeconds: 0.1 });
    const iterator = other[Symbol.asyncIterator]();
    other.push(chunk(0, 100));
    other.push(chunk(100, 40));
    await iterator.next();
    other.push(chunk(0, 20, { sampleRateHz: 2000 }));
    expect((await iterator.next()).value).toMatchObject({ sampleRateHz: 2000, lostSamples: 80 });
  });

  it('accepts a chunk longer than its limit when it is empty', () => {
    const queue = new ChunkQueue({ maxQueuedSeconds: 0.1 });
    expect(queue.push(chunk(0, 500))).toBe(true);
    expect(queue.push(chunk(500, 1))).toBe(false);
  });

  it('keeps audio time correct whatever is dropped', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constant('take' as const), fc.integer({ min: 1, max: 60 })), { maxLength: 200 }),
        async (actions) => {
          const queue = new ChunkQueue({ maxQueuedSeconds: 0.1 });
          const iterator = queue[Symbol.asyncIterator]();
          const got: SourceItem[] = [];
          let sent = 0;
          for (const action of actions) {
            if (action !== 'take') {
              queue.push(chunk(sent, action));
              sent += action;
            } else if (queue.queuedSeconds > 0) {
              got.push((await iterator.next()).value!);
            }
          }
          queue.end();
          for (;;) {
            const next = await iterator.next();
            if (next.done) break;
            got.push(next.value);
          }
          let t = 0;
          for (const item of audioOf(got)) {
            t += item.lostSamples ?? 0;
            if (item.samples.length > 0) expect(item.samples[0]).toBe(t);
            t += item.samples.length;
          }
          expect(t).toBe(sent);
        },
      ),
    );
  });

  it('calls the listener when it has drained to half', async () => {
    const queue = new ChunkQueue({ maxQueuedSeconds: 0.1 });
    let drained = 0;
    queue.onDrain(() => drained++);
    for (let i = 0; i < 10; i++) queue.push(chunk(10 * i, 10));
    const iterator = queue[Symbol.asyncIterator]();
    for (let i = 0; i < 4; i++) await iterator.next();
    expect(drained).toBe(0);
    for (let i = 0; i < 6; i++) await iterator.next();
    expect(drained).toBe(1);
  });

  it('delivers the queued items before it throws an error', async () => {
    const queue = new ChunkQueue();
    queue.push(chunk(0, 10));
    queue.fail(new UserError('bad-audio', 'It broke.'));
    const iterator = queue[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toEqual(chunk(0, 10));
    await expect(iterator.next()).rejects.toThrow('It broke.');
  });

  it('ends at once on abort, also while the consumer waits', async () => {
    const abort = new AbortController();
    const queue = new ChunkQueue({ signal: abort.signal });
    queue.push(chunk(0, 10));
    const iterator = queue[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    abort.abort();
    expect((await waiting).done).toBe(true);
    expect(queue.push(chunk(10, 10))).toBe(false);
  });

  it('closes when the consumer stops', async () => {
    const queue = new ChunkQueue();
    queue.push(chunk(0, 10));
    for await (const _ of queue) break;
    expect(queue.push(chunk(10, 10))).toBe(false);
    expect(queue.queuedSeconds).toBe(0);
  });
});

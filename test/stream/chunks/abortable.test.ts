import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { abortable } from '../../../src/stream/chunks.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('abortable', () => {
  it('holds none of the items that were read: a stream may go on for days', async () => {
    const items: WeakRef<Uint8Array>[] = [];
    async function* endless() {
      for (;;) {
        const item = new Uint8Array(1000);
        items.push(new WeakRef(item));
        yield item;
      }
    }
    const reader = abortable(endless(), new AbortController().signal);
    for (let i = 0; i < 500; i++) await reader.next();
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
    expect(items.filter((item) => item.deref() !== undefined).length).toBeLessThan(10);
    await reader.return();
  });

  it('ends at once on an abort, also within a read that hangs, and ends what it reads from', async () => {
    const abort = new AbortController();
    let left = false;
    const hanging: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          left = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const read = abortable(hanging, abort.signal).next();
    abort.abort();
    expect(await read).toEqual({ done: true, value: undefined });
    expect(left).toBe(true);
  });

  it('waits until what it reads from is closed, where it is left between two reads', async () => {
    let closed = false;
    async function* slow() {
      try {
        for (;;) yield 1;
      } finally {
        await new Promise((resolve) => setTimeout(resolve, 1));
        closed = true;
      }
    }
    for await (const _ of abortable(slow(), new AbortController().signal)) break;
    expect(closed).toBe(true);
  });

  it('passes a fault on, and reads nothing once aborted', async () => {
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw new Error('broken');
    }
    const reader = abortable(broken(), new AbortController().signal);
    expect(await reader.next()).toEqual({ done: false, value: 1 });
    await expect(reader.next()).rejects.toThrow('broken');
    expect(await abortable(broken(), AbortSignal.abort()).next()).toMatchObject({ done: true });
  });
});

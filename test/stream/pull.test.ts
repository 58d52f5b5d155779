import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { firstValueFrom, from, lastValueFrom, of, Subject, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { abortable, concatPull } from '../../src/stream/pull.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('concatPull', () => {
  it('emits what the inner observables emit, in order', async () => {
    const out = concatPull(
      () => [1, 2, 3],
      (n) => from([n, n * 10]),
    );
    expect(await lastValueFrom(out.pipe(toArray()))).toEqual([1, 10, 2, 20, 3, 30]);
  });

  it('pulls the next item only after the inner observable completes', async () => {
    let pulled = 0;
    const gates: Subject<never>[] = [];
    const values: number[] = [];
    function* items() {
      for (let i = 0; i < 3; i++) {
        pulled++;
        yield i;
      }
    }
    const done = new Promise<void>((resolve) => {
      concatPull(items, (item) => {
        values.push(item);
        const gate = new Subject<never>();
        gates.push(gate);
        return gate;
      }).subscribe({ complete: resolve });
    });
    await tick();
    expect({ pulled, values }).toEqual({ pulled: 1, values: [0] });
    gates[0]!.complete();
    await tick();
    expect(pulled).toBe(2);
    gates[1]!.complete();
    await tick();
    gates[2]!.complete();
    await done;
  });

  it('ends the iterator, the inner observable and the signal on unsubscribe', async () => {
    const ended: string[] = [];
    async function* items(signal: AbortSignal) {
      signal.addEventListener('abort', () => ended.push('signal'));
      try {
        yield 1;
        yield 2;
      } finally {
        ended.push('iterator');
      }
    }
    const first = await firstValueFrom(concatPull(items, (n) => of(n)));
    await tick();
    expect(first).toBe(1);
    expect(ended.sort()).toEqual(['iterator', 'signal']);
  });

  it('passes on errors of the producer and of the consumer', async () => {
    const producer = concatPull(
      // biome-ignore lint/correctness/useYield: it fails before its first item
      function* () {
        throw new Error('no device');
      },
      () => of(1),
    );
    await expect(lastValueFrom(producer)).rejects.toThrow('no device');
    const consumer = concatPull(
      () => [1],
      () => throwError(() => new Error('no model')),
    );
    await expect(lastValueFrom(consumer)).rejects.toThrow('no model');
  });

  const tick = () => new Promise((resolve) => setTimeout(resolve, 5));
});

describe('abortable', () => {
  it('keeps no item in memory after it was read', async () => {
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

  it('ends at once on abort, even during a read that hangs, and closes its input', async () => {
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

  it('waits until its input is closed when the consumer leaves between two reads', async () => {
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

  it('passes an error on, and reads nothing after an abort', async () => {
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

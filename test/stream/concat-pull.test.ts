import { firstValueFrom, from, lastValueFrom, of, Subject, throwError, toArray } from 'rxjs';
import { expect, it } from 'vitest';
import { concatPull } from '../../src/stream/concat-pull.ts';

it('emits what the inner observables emit, in order', async () => {
  const out = concatPull(
    () => [1, 2, 3],
    (n) => from([n, n * 10]),
  );
  expect(await lastValueFrom(out.pipe(toArray()))).toEqual([1, 10, 2, 20, 3, 30]);
});

it('pulls no item before the one in hand is done', async () => {
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

it('ends the iterator, the inner observable and the signal when nobody listens any more', async () => {
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

it('passes on a fault of the producer and of the consumer', async () => {
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

import { expect, test } from 'vitest';
import { createDeliveryQueue } from '../../src/sinks/delivery-queue.ts';
import { until } from '../server/support.ts';

function batchQueue(waitMs: number) {
  const batches: number[][] = [];
  const queue = createDeliveryQueue<number>({
    maxQueued: 10,
    batch: { maxItems: 3, waitMs },
    deliver: async (batch) => {
      batches.push([...batch]);
      return batch.includes(99) ? 'it is wrong' : undefined;
    },
    onDropped: () => {},
  });
  return { queue, batches };
}

test('delivers a full batch at once, and the rest after a wait or a flush', async () => {
  const { queue, batches } = batchQueue(60_000);
  for (const n of [1, 2, 3, 4]) queue.push(n);
  await until(() => batches.length === 1, 'a full batch');
  expect(batches).toEqual([[1, 2, 3]]);
  queue.flush();
  await until(() => batches.length === 2, 'the rest');
  expect(batches[1]).toEqual([4]);
  const waiting = batchQueue(1);
  waiting.queue.push(5);
  await until(() => waiting.batches.length === 1, 'the wait');
  expect(queue).toMatchObject({ items: [], delivered: 4, dropped: 0 });
});

test('counts every item of a batch that is dropped, and of one that waits when it is closed', async () => {
  const { queue } = batchQueue(60_000);
  for (const n of [1, 99, 3, 4, 5]) queue.push(n);
  await until(() => queue.dropped === 3, 'the dropped batch');
  queue.close();
  expect(queue).toMatchObject({ items: [], delivered: 0, dropped: 5 });
});

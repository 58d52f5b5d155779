import { expect, test } from 'vitest';
import { streamToMove } from '../../../src/server/shards/balance.ts';

const thread = (busy: number, ...lags: number[]) => ({
  busy,
  streams: lags.map((lagMs, i) => ({ stream: `${busy}/${i}`, lagMs, movable: true })),
});

test('the latest stream of a busy thread moves to the least busy one', () => {
  expect(streamToMove([thread(0.95, 300, 900, 20), thread(0.6, 10), thread(0.4)])).toEqual({
    stream: '0.95/1',
    to: 2,
  });
});

test('none moves while none lags, or no thread is clearly less busy', () => {
  expect(streamToMove([thread(0.95, 200), thread(0.2)])).toBeUndefined();
  expect(streamToMove([thread(0.95, 900), thread(0.8, 900)])).toBeUndefined();
  expect(streamToMove([thread(0.95, 900)])).toBeUndefined();
});

test('a stream that cannot move stays', () => {
  const { busy, streams } = thread(0.9, 900);
  const fixed = streams.map((stream) => ({ ...stream, movable: false }));
  expect(streamToMove([{ busy, streams: fixed }, thread(0.1)])).toBeUndefined();
});

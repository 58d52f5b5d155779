import { getEventListeners } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { withTimeout } from '../../src/util/with-timeout.ts';

const until = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

test('the time aborts the work, also when garbage was collected meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const collecting = setInterval(collect, 10);
  try {
    await expect(withTimeout(100, new AbortController().signal, until)).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  } finally {
    clearInterval(collecting);
  }
});

test('the signal aborts the work with its reason, also before it began', async () => {
  const stop = new AbortController();
  const work = withTimeout(1e6, stop.signal, until);
  stop.abort(new Error('stopped'));
  await expect(work).rejects.toThrow('stopped');
  const late = withTimeout(1e6, stop.signal, async (signal) => signal.throwIfAborted());
  await expect(late).rejects.toThrow('stopped');
});

test('work that ends leaves nothing at the signal', async () => {
  const { signal } = new AbortController();
  expect(await withTimeout(1e6, signal, async () => 7)).toBe(7);
  await expect(withTimeout(1e6, signal, async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

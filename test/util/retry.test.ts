import { expect, test } from 'vitest';
import { createBackoff, wait } from '../../src/util/retry.ts';

test('delays double up to the maximum, and start again after reset', () => {
  const backoff = createBackoff({ retryMs: 500, maxRetryMs: 3_000 }, () => 0.5);
  expect([1, 2, 3, 4, 5].map(() => backoff.nextMs())).toEqual([500, 1_000, 2_000, 3_000, 3_000]);
  backoff.reset();
  expect(backoff.nextMs()).toBe(500);
});

test('delays vary by up to 20 %', () => {
  const first = (random: number) => createBackoff({ retryMs: 500, maxRetryMs: 3_000 }, () => random).nextMs();
  expect([first(0), first(1)]).toEqual([400, 600]);
});

test('wait ends when its signal aborts, and at once if it was aborted before', async () => {
  const stop = new AbortController();
  const waited = wait(60_000, stop.signal);
  stop.abort();
  await waited;
  await wait(60_000, stop.signal);
});

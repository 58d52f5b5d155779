import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadUntil } from '../../dashboard/state/load-until.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('leaves no listener behind for tries that failed', async () => {
  const { signal } = new AbortController();
  const added = vi.spyOn(signal, 'addEventListener');
  const removed = vi.spyOn(signal, 'removeEventListener');
  let tries = 0;
  const load = async () => {
    if (++tries < 4) throw new Error('away');
    return 'loaded';
  };
  const result = loadUntil(load, signal);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await result).toBe('loaded');
  expect(added).toHaveBeenCalledTimes(3);
  expect(removed.mock.calls).toEqual(added.mock.calls);
});

it('ends at once when it is aborted', async () => {
  const abort = new AbortController();
  const result = loadUntil(() => Promise.reject(new Error('away')), abort.signal);
  await vi.advanceTimersByTimeAsync(100);
  abort.abort();
  await expect(result).rejects.toThrow('away');
});

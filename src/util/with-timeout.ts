/**
 * Runs `work` with a signal that aborts when `signal` does, or with a `TimeoutError` after `ms`.
 *
 * `AbortSignal.any` of an `AbortSignal.timeout` is not used: in Node 20 it never aborts once garbage collection has run,
 * as nothing holds the timeout (nodejs/node#57736).
 */
export async function withTimeout<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ends = new AbortController();
  const stop = () => ends.abort(signal.reason);
  const timer = setTimeout(() => ends.abort(new DOMException('The time is over.', 'TimeoutError')), ms);
  timer.unref();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await work(ends.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

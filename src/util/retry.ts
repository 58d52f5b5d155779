/** How long a retry loop waits between attempts. */
export interface RetryOptions {
  /** Delay before the first retry, in ms; it doubles with each retry up to `maxRetryMs`. */
  readonly retryMs: number;
  readonly maxRetryMs: number;
}

export interface Backoff {
  /** Delay before the next attempt, in ms. */
  nextMs(): number;
  /** Call it after a success: the next delay is the first one again. */
  reset(): void;
}

/** ±20 %, so that many clients do not reconnect to a restarted server at the same moment. */
const JITTER = 0.2;

/** Exponential backoff with jitter, for every retry loop: sources, streams, webhooks and the client. */
export function createBackoff(
  { retryMs, maxRetryMs }: RetryOptions,
  random: () => number = Math.random,
): Backoff {
  let delayMs = retryMs;
  return {
    nextMs() {
      const jittered = Math.min(delayMs, maxRetryMs) * (1 + JITTER * (2 * random() - 1));
      delayMs = Math.min(2 * delayMs, maxRetryMs);
      return jittered;
    },
    reset() {
      delayMs = retryMs;
    },
  };
}

/** Resolves after `ms`, or at once when `signal` aborts. (`node:timers/promises` rejects, and browsers lack it.) */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

/** Time, for loops that wait; tests have their own. */
export interface Clock {
  /** Milliseconds since any moment; only runs forward. */
  nowMs(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = { nowMs: () => performance.now(), wait };

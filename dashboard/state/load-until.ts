import { signal } from '@preact/signals';
import { ApiError } from '../../src/client/index.ts';

const RETRY_MS = 3_000;
/** Statuses of an overloaded server or proxy, besides those from 500 on. */
const OVERLOADED = [408, 429];

/** How many requests of what the page lacks have failed and are tried again. */
export const lacking = signal(0);

/**
 * Loads something, again while the server does not answer or is overloaded: a request may fail although the live
 * connection stays.
 *
 * @throws what the server answers otherwise; the last error once `signal` is aborted
 */
export async function loadUntil<T>(load: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  let isLacking = false;
  try {
    for (;;) {
      try {
        return await load();
      } catch (error) {
        if (signal?.aborted || isFinal(error)) throw error;
        if (!isLacking) lacking.value++;
        isLacking = true;
        await pause(signal);
        if (signal?.aborted) throw error;
      }
    }
  } finally {
    if (isLacking) lacking.value--;
  }
}

const isFinal = (error: unknown): boolean =>
  error instanceof ApiError && error.status < 500 && !OVERLOADED.includes(error.status);

function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end); // It may last for days of tries.
      resolve();
    };
    const timer = setTimeout(end, RETRY_MS);
    signal?.addEventListener('abort', end);
  });
}

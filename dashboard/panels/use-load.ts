import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { errorMessage } from '../state/client.ts';

export interface Loaded<T> {
  /** null until it is loaded. */
  readonly value: Signal<T | null>;
  /** Why it cannot be loaded, in one sentence. */
  readonly error: Signal<string | null>;
  reload(): void;
}

/** What a page loaded before it showed its parts, so that none of them moves another when it arrives. */
export type Preloaded<T> = { readonly value: T } | { readonly error: unknown };

/** Loads for `useLoad`; never rejects. */
export const preload = <T>(loading: Promise<T>): Promise<Preloaded<T>> =>
  loading.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

/**
 * Loads something from the server, again whenever `inputs` change. What was loaded before stays until then.
 *
 * @param first what is there already
 */
export function useLoad<T>(
  load: (signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[],
  first?: Preloaded<T>,
): Loaded<T> {
  const value = useSignal<T | null>(first !== undefined && 'value' in first ? first.value : null);
  const error = useSignal<string | null>(
    first !== undefined && 'error' in first ? errorMessage(first.error) : null,
  );
  const version = useSignal(0);
  const isFirst = useRef(first !== undefined);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    const abort = new AbortController();
    load(abort.signal)
      .then((loaded) => {
        if (abort.signal.aborted) return;
        value.value = loaded;
        error.value = null;
      })
      .catch((reason: unknown) => {
        if (!abort.signal.aborted) error.value = errorMessage(reason);
      });
    return () => abort.abort();
  }, [...inputs, version.value]);
  return {
    value,
    error,
    reload() {
      version.value++;
    },
  };
}

export interface Attempt {
  readonly error: Signal<string | null>;
  readonly busy: Signal<boolean>;
  /** Runs a request and keeps its error; true if it succeeded. */
  run(work: () => Promise<unknown>): Promise<boolean>;
}

/** Requests that a form or a button makes, one at a time. */
export function useAttempt(): Attempt {
  const error = useSignal<string | null>(null);
  const busy = useSignal(false);
  return {
    error,
    busy,
    async run(work) {
      if (busy.peek()) return false;
      busy.value = true;
      error.value = null;
      try {
        await work();
        return true;
      } catch (reason) {
        error.value = errorMessage(reason);
        return false;
      } finally {
        busy.value = false;
      }
    },
  };
}

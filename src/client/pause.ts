/**
 * Waits, but no longer than until the network is back or a hidden page is looked at again (in a browser), or
 * `signal` aborts.
 */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const page = globalThis as {
      document?: EventTarget & { readonly hidden: boolean };
      addEventListener?: EventTarget['addEventListener'];
      removeEventListener?: EventTarget['removeEventListener'];
    };
    const shown = () => {
      if (page.document?.hidden === false) done();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (page.document) {
      page.addEventListener?.('online', done);
      page.document.addEventListener('visibilitychange', shown);
    }

    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      page.removeEventListener?.('online', done);
      page.document?.removeEventListener('visibilitychange', shown);
      resolve();
    }
  });
}

import type { Inbox } from './inbox.ts';

const CHECK_MS = 1_000;

/** Ends `inbox` after `quietMs` without a message, whether it is open or still connecting. */
export function endWhenQuiet(
  inbox: Inbox,
  quietMs: number,
): {
  /** Whether it did. */
  readonly ended: boolean;
  stop(): void;
} {
  let ended = false;
  const timer = setInterval(() => {
    if (performance.now() - inbox.receivedAtMs < quietMs) return;
    ended = true;
    clearInterval(timer);
    inbox.end();
  }, CHECK_MS);
  return {
    get ended() {
      return ended;
    },
    stop: () => clearInterval(timer),
  };
}

/** In a browser, calls `act` when the network is gone. Returns the function that stops listening. */
export function onOffline(act: () => void): () => void {
  const page = globalThis as Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>>;
  page.addEventListener?.('offline', act);
  return () => page.removeEventListener?.('offline', act);
}

import {
  concatWith,
  defer,
  filter,
  fromEvent,
  merge,
  type Observable,
  retry,
  take,
  throwError,
  timer,
} from 'rxjs';
import { webSocket } from 'rxjs/webSocket';
import type { LiveMessage } from '../../src/types.ts';
import { backoffMs } from './backoff.ts';
import { parseLive } from './protocol.ts';

export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  /** Lost; the next attempt starts at `retryAtMs` (`Date.now()` clock). */
  | { readonly state: 'waiting'; readonly retryAtMs: number };

export interface ConnectionOptions {
  /** Asked anew for every attempt, so that each asks for what was missed since. */
  readonly url: () => URL;
  readonly onLink: (link: Link) => void;
}

/**
 * The messages of `/v1/live`, for ever: when the socket closes, for whatever reason, it is opened again
 * after a growing pause. Going on line, or coming back to the tab, ends the pause at once. null stands for
 * a message this page does not know.
 */
export function connect({ url, onLink }: ConnectionOptions): Observable<LiveMessage | null> {
  return defer(() => {
    onLink({ state: 'connecting' });
    return webSocket<LiveMessage | null>({
      url: url().href,
      openObserver: { next: () => onLink({ state: 'open' }) },
      deserializer: (event) => (typeof event.data === 'string' ? parseLive(event.data) : null),
    });
  }).pipe(
    // A tidy close completes; for this page it is as much a loss as an untidy one.
    concatWith(throwError(() => new Error('closed'))),
    retry({
      resetOnSuccess: true,
      delay: (_error, attempt) => {
        const waitMs = backoffMs(attempt);
        onLink({ state: 'waiting', retryAtMs: Date.now() + waitMs });
        return merge(timer(waitMs), wokenUp()).pipe(take(1));
      },
    }),
  );
}

function wokenUp(): Observable<Event> {
  const shown = fromEvent(document, 'visibilitychange').pipe(filter(() => !document.hidden));
  return merge(fromEvent(window, 'online'), shown);
}

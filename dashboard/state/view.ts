import { effect, signal } from '@preact/signals';
import { chosen } from './store.ts';

/** What the page shows; it stands in the address, so that it can be bookmarked and gone back from. */
export type View =
  | { readonly page: 'live' }
  | { readonly page: 'sessions' }
  | { readonly page: 'session'; readonly id: string };

export const view = signal<View>({ page: 'live' });

export const SESSIONS_HREF = '#sessions';
export const sessionHref = (id: string): string => `#session=${encodeURIComponent(id)}`;
export const liveHref = (): string =>
  chosen.value === null ? '#' : `#stream=${encodeURIComponent(chosen.value)}`;

/** Shows a stream as it plays, from wherever. */
export function watch(stream: string): void {
  chosen.value = stream;
  location.hash = liveHref();
}

/** Follows the address, and keeps the chosen stream in it (`#stream=booth`) while that is shown. */
export function followAddress(): void {
  const read = () => {
    const hash = new URLSearchParams(location.hash.slice(1));
    const [stream, id] = [hash.get('stream'), hash.get('session')];
    if (stream !== null) chosen.value = stream;
    if (id !== null) view.value = { page: 'session', id };
    else view.value = { page: hash.has('sessions') ? 'sessions' : 'live' };
  };
  read();
  addEventListener('hashchange', read);
  effect(() => {
    if (chosen.value !== null && view.value.page === 'live') history.replaceState(null, '', liveHref());
  });
}

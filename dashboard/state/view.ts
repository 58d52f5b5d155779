import { effect, signal } from '@preact/signals';
import { choose, chosen } from './streams.ts';

/** The page shown; it is in the address, so that bookmarks and the back button work. */
export type View =
  | { readonly page: 'live' }
  | { readonly page: 'sessions' }
  | { readonly page: 'session'; readonly id: string };

export const view = signal<View>({ page: 'live' });

export const SESSIONS_HREF = '#sessions';
export const sessionHref = (id: string): string => `#session=${encodeURIComponent(id)}`;
export const liveHref = (): string =>
  chosen.value === null ? '#' : `#stream=${encodeURIComponent(chosen.value)}`;

/** Opens a stream's live view from any page. */
export function showStream(stream: string): void {
  choose(stream);
  location.hash = liveHref();
}

/** Follows the address, and keeps the chosen stream in it (`#stream=booth`) on the live page. */
export function syncAddress(): void {
  const read = () => {
    const hash = new URLSearchParams(location.hash.slice(1));
    const [stream, id] = [hash.get('stream'), hash.get('session')];
    if (stream !== null) choose(stream);
    if (id !== null) view.value = { page: 'session', id };
    else view.value = { page: hash.has('sessions') ? 'sessions' : 'live' };
  };
  read();
  addEventListener('hashchange', read);
  effect(() => {
    if (chosen.value !== null && view.value.page === 'live') history.replaceState(null, '', liveHref());
  });
}

/** Spans that the chart can show, in seconds. The longest is what a StepRing holds. */
export const WINDOWS = [60, 180, 900] as const;
/** The span of the live chart, in seconds. */
export const windowSeconds = signal<number>(180);

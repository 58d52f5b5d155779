import { effect } from '@preact/signals';
import { type View, view } from './view.ts';

/** How long a page may take to be as high as it was, in ms: it loads what it shows. */
const ARRIVAL_MS = 4_000;
/** A heading that stays for so many screen frames is that of the new page. */
const STEADY_FRAMES = 3;
const KEY = 'undertone.scroll';
/** Entries of the history whose place is kept. */
const MAX_PLACES = 50;

interface Entry {
  readonly key?: string;
}

/** How far down each entry of the history was scrolled, in CSS pixels. */
const places = new Map<string, number>(read());
let entry = '';
let arriving: (() => void) | null = null;

/**
 * A page that is opened by a link begins at its top; one that is returned to is where it was. Its heading takes the
 * focus, so that screen readers read it.
 */
export function syncArrival(): void {
  history.scrollRestoration = 'manual';
  let shown: string | null = null;
  effect(() => {
    const next = pageOf(view.value);
    const { key } = (history.state ?? {}) as Entry;
    entry = key ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
    if (key === undefined) history.replaceState({ ...history.state, key: entry }, '');
    const isFirst = shown === null;
    if (next === shown) return;
    shown = next;
    const place = key === undefined ? 0 : (places.get(key) ?? 0);
    if (isFirst && place === 0) return;
    if (place === 0) scrollTo(0, 0);
    arrive(place, !isFirst);
  });
  addEventListener(
    'scroll',
    () => {
      if (arriving === null) places.set(entry, scrollY);
    },
    { passive: true },
  );
  addEventListener('pagehide', write);
}

/** What counts as another page: the same one may change its address, as a search or a moved chart does. */
function pageOf(now: View): string {
  switch (now.page) {
    case 'session':
      return `session ${now.id}`;
    case 'compare':
      return `compare ${now.ids.join()}`;
    case 'setup':
      return `setup ${now.stream ?? ''}`;
    case 'report':
      return `report ${now.stream} ${now.day ?? ''}`;
    case 'sessions':
      return `sessions ${now.filter.tag}`;
    default:
      return now.page;
  }
}

/** Scrolls and focuses as soon as the page is there, unless its user does something before. */
function arrive(place: number, withFocus: boolean): void {
  arriving?.();
  const startMs = performance.now();
  const abort = new AbortController();
  const end = () => {
    abort.abort();
    arriving = null;
  };
  arriving = end;
  for (const type of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
    addEventListener(type, end, { signal: abort.signal, passive: true });
  let [isThere, steady] = [place === 0, 0];
  let heading: HTMLElement | null = null;
  const step = () => {
    if (abort.signal.aborted) return;
    const present = document.querySelector<HTMLElement>('#content h2');
    steady = present !== null && present === heading ? steady + 1 : 0;
    heading = present;
    if (withFocus && heading !== null && document.activeElement !== heading && !isTyping()) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    if (!isThere && document.documentElement.scrollHeight - innerHeight >= place) {
      scrollTo(0, place);
      isThere = true;
    }
    const isDone = isThere && steady >= STEADY_FRAMES;
    if (isDone || performance.now() - startMs > ARRIVAL_MS) end();
    else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

/** Some pages have a field to begin with. */
const isTyping = (): boolean => document.activeElement?.matches('input, select, textarea') ?? false;

function read(): [string, number][] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as [string, number][];
  } catch {
    return [];
  }
}

function write(): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...places].slice(-MAX_PLACES)));
  } catch {
    // Storage is blocked: a reload begins at the top.
  }
}

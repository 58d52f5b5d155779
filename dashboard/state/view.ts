import { batch, effect, signal } from '@preact/signals';
import { NO_FILTER, readFilter, type SessionFilterValue, sessionsHref } from './session-search.ts';
import { PERIODS, type Period } from './station.ts';
import { choose, chosen, possibleGaps, serverNowMs } from './streams.ts';
import { MIN_SPAN } from './time-range.ts';

/** The page shown; it is in the address, so that bookmarks and the back button work. */
export type View =
  | { readonly page: 'live' }
  | { readonly page: 'wall' }
  /** Streams of the decks; empty: those that run. */
  | { readonly page: 'booth'; readonly decks: readonly string[] }
  | { readonly page: 'sessions'; readonly filter: SessionFilterValue }
  | { readonly page: 'session'; readonly id: string }
  /** Two sessions, over each other or side by side. */
  | { readonly page: 'compare'; readonly ids: readonly [string, string]; readonly side: boolean }
  /** `stream`: the one whose settings are shown; null: the overview. */
  | { readonly page: 'setup'; readonly stream: string | null }
  /** `demo`: the demo is to be played. */
  | { readonly page: 'try'; readonly demo: boolean }
  /** `stream`: null for the first. */
  | ({ readonly page: 'stations'; readonly stream: string | null } & StationSpan)
  /** A day of a stream on paper; `day` as `2026-11-20`, null: yesterday. */
  | { readonly page: 'report'; readonly stream: string; readonly day: string | null }
  /** The address names no page. */
  | { readonly page: 'unknown'; readonly hash: string };

/** The time of a station that is shown, until a moment (ms since 1970; one that is to come is now) or now (null). */
export interface StationSpan {
  readonly period: Period['name'];
  readonly untilMs: number | null;
}

export const view = signal<View>({ page: 'live' });

/** `wall=1` in the address: the wall display. */
export const wallParameter = signal(false);
/** What the address of another page needs to keep it. */
export const wallSuffix = (): string => (wallParameter.value ? '&wall=1' : '');

export const boothHref = (decks: readonly string[]): string =>
  decks.length === 0 ? '#booth' : `#booth=${decks.map(encodeURIComponent).join(',')}`;

export const WALL_HREF = '#wall';
export const SESSIONS_HREF = sessionsHref(NO_FILTER);
export const SETUP_HREF = '#setup';
export const TRY_HREF = '#try';
export const DEMO_HREF = '#try=demo';
export const STATIONS_HREF = '#stations';
export const setupHref = (stream: string): string => `#setup=${encodeURIComponent(stream)}`;
/** `#stations=radio&period=week&until=2026-11-20T05:00Z`; a day until now is not mentioned. */
export const stationHref = (stream: string, { period, untilMs }: StationSpan = NEWEST_DAY): string =>
  [
    `#stations=${encodeURIComponent(stream)}`,
    ...(period === NEWEST_DAY.period ? [] : [`period=${period}`]),
    ...(untilMs === null ? [] : [`until=${new Date(untilMs).toISOString().slice(0, 16)}Z`]),
  ].join('&');
const NEWEST_DAY: StationSpan = { period: 'day', untilMs: null };
export const reportHref = (stream: string, day: string): string =>
  `#report=${encodeURIComponent(stream)}&day=${day}`;
export const sessionHref = (id: string): string => `#session=${encodeURIComponent(id)}`;
export const compareHref = (ids: readonly [string, string], side = false): string =>
  `#compare=${ids.map(encodeURIComponent).join(',')}${side ? '&as=side' : ''}`;
export const streamHref = (stream: string): string => `#stream=${encodeURIComponent(stream)}`;
/** The live chart with `middle` (seconds since 1970) in its middle, `span` seconds long. */
export const momentHref = (stream: string, middle: number, span: number): string =>
  `${streamHref(stream)}&at=${new Date(Math.round(middle) * 1000).toISOString()}&span=${Math.round(span)}`;
export const liveHref = (): string => (chosen.value === null ? '#' : streamHref(chosen.value));

/** Shows other sessions. `isNew`: the back button returns to those before; otherwise they are replaced. */
export function searchSessions(filter: SessionFilterValue, isNew: boolean): void {
  const href = sessionsHref(filter);
  if (isNew) history.pushState(null, '', href);
  else history.replaceState(history.state, '', href);
  view.value = { page: 'sessions', filter };
}

/** Opens a stream's live view from any page. */
export function showStream(stream: string): void {
  choose(stream);
  location.hash = liveHref();
}

/** Where the address has the chart of a stream end, in seconds since 1970; null: at its newest step. */
const openedAt = signal<{ readonly stream: string; readonly until: number } | null>(null);

/** Where the live chart ends: in the past, or at the newest step (null). Another stream begins there again. */
export const liveUntil = signal<number | null>(null);
effect(() => {
  const opened = openedAt.value;
  const here = opened !== null && opened.stream === chosen.value;
  liveUntil.value = here && !isToCome(opened.until) ? opened.until : null;
  if (!here) openedAt.value = null;
});
effect(() => {
  possibleGaps.value;
  const until = liveUntil.peek();
  if (until !== null && isToCome(until)) liveUntil.value = null;
});

/** Whether a moment (s since 1970) is to come: not known before the hello of the server, as this computer's clock may be wrong. */
function isToCome(x: number): boolean {
  return possibleGaps.peek() > 0 && x >= serverNowMs() / 1000;
}

/** Browsers limit how often an address may change; a drag moves the chart many times a second. */
const ADDRESS_MS = 400;

/**
 * Follows the address, and keeps in it what the live page shows: the stream (`#stream=booth`), and the moment, while the
 * chart is in the past.
 */
export function syncAddress(): void {
  const read = () => {
    const names = new URLSearchParams(location.hash.slice(1));
    const stream = names.get('stream');
    const next = viewOf(location.hash);
    // Together: a page would write into the address what was shown before.
    batch(() => {
      wallParameter.value = names.getAll('wall').includes('1');
      if (next.page === 'live' && stream !== null) {
        choose(stream);
        openMoment(stream, names);
      }
      view.value = next;
    });
  };
  read();
  addEventListener('hashchange', read);
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    clearTimeout(timer);
    const [until, span] = [liveUntil.value, windowSeconds.value];
    if (chosen.value !== null && view.value.page === 'live') {
      const write = (href: string) => history.replaceState(history.state, '', `${href}${wallSuffix()}`);
      if (until === null) write(liveHref());
      else timer = setTimeout(write, ADDRESS_MS, momentHref(chosen.value, until - span / 2, span));
    } else if (view.value.page === 'wall')
      history.replaceState(history.state, '', `${WALL_HREF}${wallSuffix()}`);
  });
}

/** Longest span of the chart that an address can name, in seconds. */
const MAX_SPAN = 366 * 86_400;

/** Follows `at` and `span` of an address; whatever is no time or length is left out. */
function openMoment(stream: string, names: URLSearchParams): void {
  const middle = Date.parse(names.get('at') ?? '') / 1000;
  const span = Number(names.get('span') ?? Number.NaN);
  if (span >= MIN_SPAN && span <= MAX_SPAN) windowSeconds.value = span;
  openedAt.value = Number.isFinite(middle) ? { stream, until: middle + windowSeconds.value / 2 } : null;
}

/** The view that the hash of an address names; an empty one names the live page. */
function viewOf(hash: string): View {
  const names = new URLSearchParams(hash.slice(1));
  const id = names.get('session');
  if (id) return { page: 'session', id };
  const [a, b, ...more] = names.get('compare')?.split(',') ?? [];
  if (a && b && more.length === 0) return { page: 'compare', ids: [a, b], side: names.get('as') === 'side' };
  const decks = names.get('booth');
  if (decks !== null) return { page: 'booth', decks: decks === '' ? [] : decks.split(',') };
  if (names.getAll('wall').includes('')) return { page: 'wall' };
  if (names.has('setup')) return { page: 'setup', stream: names.get('setup') || null };
  if (names.has('try')) return { page: 'try', demo: names.get('try') === 'demo' };
  if (names.has('stations'))
    return { page: 'stations', stream: names.get('stations') || null, ...readSpan(names) };
  const reported = names.get('report');
  if (reported) return { page: 'report', stream: reported, day: names.get('day') };
  if (names.has('sessions')) return { page: 'sessions', filter: readFilter(names) };
  if (names.size === 0 || names.get('stream') || names.get('wall')) return { page: 'live' };
  return { page: 'unknown', hash };
}

/** Whatever is no period or time is left out. */
function readSpan(names: URLSearchParams): StationSpan {
  const { name } = PERIODS.find((one) => one.name === names.get('period')) ?? PERIODS[0]!;
  const until = Date.parse(names.get('until') ?? '');
  return { period: name, untilMs: Number.isNaN(until) ? null : until };
}

/** Spans of a recording's chart, in its steps' half seconds. The longest is what a StepRing holds. */
export const WINDOWS = [60, 180, 900] as const;
/** Spans offered for the live chart, in seconds. */
export const LIVE_WINDOWS = [60, 180, 900, 7200, 86_400, 604_800] as const;
/** The span of the live chart, in seconds. */
export const windowSeconds = signal<number>(180);

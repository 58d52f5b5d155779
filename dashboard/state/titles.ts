import { computed, effect, signal } from '@preact/signals';
import type { TitleMark } from './scene.ts';
import { chosenRecord, possibleGaps, updates } from './streams.ts';
import type { TrackSummary } from './track-summary.ts';
import { loadTracks } from './tracks.ts';

const TITLE_EVENTS = ['track', 'track-ended'] as const;

const tracks = signal<readonly TrackSummary[]>([]);
let request: AbortController | null = null;

/** Stations have titles, and streams that have sent one: others are not asked for them. */
const withTitles = computed((): string | null => {
  updates.value;
  const record = chosenRecord.value;
  if (record === null || possibleGaps.value === 0) return null;
  const sent = record.events.some(({ type }) => (TITLE_EVENTS as readonly string[]).includes(type));
  return sent || record.source.startsWith('http') ? record.name : null;
});

effect(() => {
  const stream = withTitles.value;
  request?.abort();
  tracks.value = [];
  if (stream === null) return;
  const mine = new AbortController();
  request = mine;
  loadTracks(stream, mine.signal)
    .then((found) => {
      if (!mine.signal.aborted) tracks.value = found;
    })
    // A server without tracks, or the connection is lost: no titles are drawn.
    .catch(() => {});
});

/** Titles and segments of the chosen stream, oldest first. */
export const titleMarks = computed((): readonly TitleMark[] => {
  updates.value;
  const marks = new Map<string, TitleMark>();
  for (const { startedAt, title, artist } of tracks.value)
    marks.set(startedAt, { x: Date.parse(startedAt) / 1000, title: nameOf(title, artist) });
  for (const event of chosenRecord.value?.events ?? []) {
    const mark = markOf(event);
    if (mark !== null) marks.set(event.time, mark);
  }
  return [...marks.values()].sort((a, b) => a.x - b.x);
});

/** The mark of a `track` or `segment` event; null for other events. */
function markOf(event: { readonly type: string; readonly time: string }): TitleMark | null {
  const x = Date.parse(event.time) / 1000;
  if (event.type === 'segment') return { x, title: null };
  if (event.type !== 'track' || !('title' in event)) return null;
  const artist = 'artist' in event && typeof event.artist === 'string' ? event.artist : null;
  return { x, title: nameOf(String(event.title), artist) };
}

const nameOf = (title: string, artist: string | null): string =>
  artist === null || artist === '' ? title : `${artist} – ${title}`;

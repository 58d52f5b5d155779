import { computed, effect, signal } from '@preact/signals';
import type { StreamEvent, TrackSummary } from '../../src/types.ts';
import { client } from './client.ts';
import { loadUntil } from './load-until.ts';
import { chosen, chosenRecord, chosenVersion, possibleGaps } from './streams.ts';
import { type TitleMark, titleName } from './title-mark.ts';

/** Titles loaded of a stream: a day or two of a station. */
const LIMIT = 500;

const NO_EVENTS: readonly StreamEvent[] = [];
const tracks = signal<readonly TrackSummary[]>([]);

effect(() => {
  chosen.value;
  tracks.value = [];
});
effect(() => {
  const stream = chosen.value;
  const connected = possibleGaps.value > 0;
  if (stream === null || !connected) return;
  const request = new AbortController();
  const { signal } = request;
  loadUntil(() => client.streams.tracks(stream, { limit: LIMIT }), signal)
    .then((found) => {
      if (!signal.aborted) tracks.value = found;
    })
    // A stream without a log.
    .catch(() => {});
  return () => request.abort();
});

/** Of the chosen stream; the same until there is another. */
const events = computed((): readonly StreamEvent[] => {
  chosenVersion.value;
  return chosenRecord.value?.events ?? NO_EVENTS;
});

/** Titles and segments of the chosen stream, oldest first. */
export const titleMarks = computed((): readonly TitleMark[] => {
  const marks = tracks.value.map(
    ({ startedAt, title, artist }): TitleMark => ({
      x: secondsOf(startedAt),
      title: titleName(title, artist),
    }),
  );
  for (const event of events.value) {
    const mark = markOf(event);
    // One that was loaded too.
    if (mark !== null && !marks.some(({ x }) => Math.abs(x - mark.x) < 1)) marks.push(mark);
  }
  return marks.sort((a, b) => a.x - b.x);
});

const secondsOf = (time: string): number => Date.parse(time) / 1000;

/** The mark of a title or a segment; null for other events. */
function markOf(event: StreamEvent): TitleMark | null {
  if (event.type === 'segment') return { x: secondsOf(event.time), title: null };
  if (event.type !== 'track') return null;
  // Without a title, no track is named from there on.
  return {
    x: secondsOf(event.time),
    title: event.title === '' ? null : titleName(event.title, event.artist),
  };
}

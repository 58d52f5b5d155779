import { computed, effect, signal } from '@preact/signals';
import { capitalized, perceived, signed } from './format.ts';
import { connection } from './live-connection.ts';
import { openMarkers, openSession } from './open-session.ts';
import { addPainter, requestPaint } from './paint-loop.ts';
import { chartMarkers, EMPTY_SNAPSHOT, type Scene, type Snapshot, type Status } from './scene.ts';
import { chosen, chosenRecord, streamNames, updates } from './streams.ts';
import { WINDOWS, windowSeconds } from './view.ts';

/** Without a frame for this long, the values shown are out of date. */
const STALE_AFTER_MS = 4000;
/** Shortest time between two screen reader announcements, so that each can be finished. */
const ANNOUNCE_MS = 5000;

const snapshot = computed((): Snapshot => {
  updates.value;
  const record = chosenRecord.value;
  if (record === null) return EMPTY_SNAPSHOT;
  const { last: frame, lastMusic, events, state } = record;
  return { frame, lastMusic, events, state };
});

/** No frame has arrived recently, for whatever reason. */
const stale = signal(false);
addPainter((nowMs) => {
  const record = chosenRecord.peek();
  stale.value = record !== null && nowMs - record.receivedAtMs > STALE_AFTER_MS;
  return false;
});
// A silent connection triggers no painting: check once a second.
setInterval(() => {
  if (!document.hidden) requestPaint();
}, 1000);

const current = computed(
  () => snapshot.value.state === 'running' && !stale.value && connection.value.state === 'open',
);

const status = computed((): Status => {
  const { frame, state } = snapshot.value;
  const link = connection.value;
  const inactive = (label: string, note: string): Status => ({ label, note, inactive: true });
  if (link.state === 'refused') return inactive('No access', link.message);
  if (streamNames.value.length === 0)
    return link.state === 'open'
      ? inactive('No stream', 'Start one with “undertone serve --source …”, or send your microphone.')
      : inactive('Waiting', 'Waiting for the server');
  const record = chosenRecord.value;
  if (record === null) return inactive('Waiting', `Waiting for a stream named ${chosen.value}`);
  if (state === 'stopped') return inactive('Stopped', 'This stream has ended.');
  if (state === 'lost') return inactive('No sound', 'The source is disconnected.');
  if (frame === null) return inactive('Waiting', 'No data yet');
  const note = stale.value ? 'No new data' : sourceNote(record.source);
  if (frame.activity !== 'music') return inactive(capitalized(frame.activity), note);
  if (frame.mood === null) return inactive('Analyzing', note);
  return { label: capitalized(frame.mood), note, inactive: stale.value };
});

function sourceNote(source: string): string {
  if (source === '') return '';
  return source === 'ws:' ? 'sent by a client' : `from ${source}`;
}

/** Changes with the mood only, not with every step. */
const summary = signal('No data yet.');
let announced = '';
let announcedAtMs = Number.NEGATIVE_INFINITY;
effect(() => {
  const { frame, state } = snapshot.value;
  const name = chosen.value;
  if (frame === null || name === null) return;
  const word = state === 'running' ? (frame.mood ?? frame.activity) : state;
  const nowMs = performance.now();
  // A change within ANNOUNCE_MS is announced with a later frame, if it still holds.
  if (`${name} ${word}` === announced || nowMs - announcedAtMs < ANNOUNCE_MS) return;
  announced = `${name} ${word}`;
  announcedAtMs = nowMs;
  summary.value =
    state === 'running' && frame.valence !== null
      ? `${name}: ${perceived(word)}; valence ${signed(frame.valence)}, arousal ${signed(frame.arousal)}.`
      : `${name}: ${word}.`;
});

/** The chosen stream, live. */
export const liveScene: Scene = {
  snapshot,
  history: chosenRecord,
  current,
  status,
  summary,
  windowSeconds,
  windows: WINDOWS,
  // On the server's present clock, as the ring.
  markers: computed(() => {
    const changes = openSession.value?.clockChanges ?? [];
    return chartMarkers(openMarkers.value, ({ time, at }) =>
      changes.reduce((x, change) => (change.at > at ? x + change.seconds : x), Date.parse(time) / 1000),
    );
  }),
  nowLabel: 'now',
};

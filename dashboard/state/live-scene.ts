import { computed, effect, signal } from '@preact/signals';
import { capitalized, clock, perceived } from './format.ts';
import { connection } from './live-connection.ts';
import { liveHistory } from './live-history.ts';
import { openMarkers, openSession } from './open-session.ts';
import { addPainter, requestPaint } from './paint-loop.ts';
import { chartMarkers, EMPTY_SNAPSHOT, type Scene, type Snapshot, type Status } from './scene.ts';
import { sourceName } from './source-name.ts';
import { STALE_AFTER_MS } from './stream-status.ts';
import { chosen, chosenRecord, streamNames, updates } from './streams.ts';
import { titleMarks } from './titles.ts';
import { LIVE_WINDOWS, windowSeconds } from './view.ts';

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

/** Where the live chart ends; another stream is shown from its newest step. */
const until = signal<number | null>(null);
effect(() => {
  chosen.value;
  until.value = null;
});

const current = computed(
  () => snapshot.value.state === 'running' && !stale.value && connection.value.state === 'open',
);

const status = computed((): Status => {
  const { frame, state } = snapshot.value;
  const link = connection.value;
  const inactive = (label: string, note: string): Status => ({ label, note, inactive: true });
  if (streamNames.value.length === 0)
    return link.state === 'open'
      ? inactive('No stream', 'Start one with “undertone serve --source …”, or send your microphone.')
      : inactive('Waiting', 'Waiting for the server');
  const record = chosenRecord.value;
  if (record === null) return inactive('Waiting', `Waiting for a stream named ${chosen.value}`);
  const since = frame === null ? '' : ` No data since ${clock(frame.time)}.`;
  if (state === 'stopped') return inactive('Stopped', record.message ?? 'This stream has ended.');
  if (state === 'lost')
    return inactive('No sound', `${record.message ?? 'The source is disconnected.'}${since}`);
  if (frame === null) return inactive('Waiting', 'No data yet');
  const note =
    link.state !== 'open'
      ? `No connection to the server.${since}`
      : stale.value
        ? since.trim()
        : sourceName(record.source);
  if (frame.activity !== 'music') return inactive(capitalized(frame.activity), note);
  if (frame.mood === null) return inactive('Analyzing', note);
  return { label: capitalized(frame.mood), note, inactive: !current.value };
});

/** The state in one sentence; it changes with the mood, not with every step. */
const summary = computed((): string => {
  const { frame, state } = snapshot.value;
  const name = chosen.value;
  if (frame === null || name === null) return 'No data yet.';
  if (state !== 'running') return `${name}: ${state}. ${status.value.note}`;
  return frame.valence === null
    ? `${name}: ${frame.activity}.`
    : `${name}: ${perceived(frame.mood ?? 'music')}.`;
});

/** The chosen stream, live. */
export const liveScene: Scene = {
  snapshot,
  history: chosenRecord,
  current,
  status,
  summary,
  windowSeconds,
  windows: LIVE_WINDOWS,
  // On the server's present clock, as the ring.
  markers: computed(() => {
    const changes = openSession.value?.clockChanges ?? [];
    return chartMarkers(openMarkers.value, ({ time, at }) =>
      changes.reduce((x, change) => (change.at > at ? x + change.seconds : x), Date.parse(time) / 1000),
    );
  }),
  titles: titleMarks,
  past: { history: liveHistory, stream: chosen, until },
  hasIntervals: true,
  hasForecast: true,
  nowLabel: 'now',
};

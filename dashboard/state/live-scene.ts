import { computed, signal } from '@preact/signals';
import { clock } from './format.ts';
import { t } from './i18n.ts';
import { connection } from './live-connection.ts';
import { liveHistory } from './live-history.ts';
import { moodName, moodWord, perceived } from './mood-name.ts';
import { openMarkers, openSession, startOnPresentClock } from './open-session.ts';
import { addPainter, requestPaint } from './paint-loop.ts';
import { chartMarkers, EMPTY_SNAPSHOT, type Scene, type Snapshot, type Status } from './scene.ts';
import { sourceName } from './source-name.ts';
import { stateText } from './state-text.ts';
import { STALE_AFTER_MS } from './stream-status.ts';
import { chosen, chosenRecord, chosenVersion, nameNow, streamNames } from './streams.ts';
import { sceneTarget } from './target.ts';
import { titleMarks } from './titles.ts';
import { LIVE_WINDOWS, liveUntil, windowSeconds } from './view.ts';

const snapshot = computed((): Snapshot => {
  chosenVersion.value;
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
  if (streamNames.value.length === 0)
    return link.state === 'open'
      ? inactive(t('status.noStream'), t('status.noStreamHint'))
      : inactive(t('status.waiting'), t('status.waitingServer'));
  const record = chosenRecord.value;
  if (chosen.value !== null && nameNow(chosen.value) === null)
    return inactive(t('state.removed'), t('stopped.removed'));
  if (record === null)
    return inactive(t('status.waiting'), t('status.waitingStream', { stream: chosen.value }));
  const since = frame === null ? '' : ` ${t('status.since', { time: clock(frame.time) })}`;
  if (state === 'stopped') return inactive(t('state.stopped'), stateText(record.reason) ?? t('status.ended'));
  if (state === 'lost')
    return inactive(t('state.lost'), `${stateText(record.reason) ?? t('status.disconnected')}${since}`);
  if (frame === null) return inactive(t('status.waiting'), t('status.noData'));
  const note =
    link.state !== 'open'
      ? `${t('status.noConnection')}${since}`
      : stale.value
        ? since.trim()
        : sourceName(record.source);
  if (frame.activity !== 'music') return inactive(moodName(frame.activity), note);
  if (frame.mood === null) return inactive(t('status.analyzing'), note);
  return { label: moodName(frame.mood), note, inactive: !current.value };
});

/** The state in one sentence; it changes with the mood, not with every step. */
const summary = computed((): string => {
  const { frame, state } = snapshot.value;
  const name = chosen.value;
  if (frame === null || name === null) return `${t('status.noData')}.`;
  if (state !== 'running') return `${name}: ${t(`state.${state}`)}. ${status.value.note}`;
  return frame.valence === null
    ? `${name}: ${moodWord(frame.activity)}.`
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
  whole: null,
  // On the server's present clock, as the ring.
  markers: computed(() => {
    const changes = openSession.value?.clockChanges ?? [];
    return chartMarkers(openMarkers.value, ({ time, at }) =>
      changes.reduce((x, change) => (change.at > at ? x + change.seconds : x), Date.parse(time) / 1000),
    );
  }),
  titles: titleMarks,
  target: computed(() => {
    const session = openSession.value;
    return session === null ? null : sceneTarget(session.target, startOnPresentClock(session) / 1000);
  }),
  past: { history: liveHistory, stream: chosen, until: liveUntil },
  zero: null,
  hasIntervals: true,
  hasForecast: true,
  nowLabel: 'now',
};

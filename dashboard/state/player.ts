import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { EmotionFrame, Marker } from '../../src/client/index.ts';
import { STEP_SECONDS } from '../../src/types.ts';
import type { Curve } from './curve.ts';
import { elapsed, signed } from './format.ts';
import { t } from './i18n.ts';
import { moodName, moodWord, perceived } from './mood-name.ts';
import { addPainter, requestPaint } from './paint-loop.ts';
import {
  chartMarkers,
  EMPTY_SNAPSHOT,
  type Scene,
  type Snapshot,
  type Status,
  type StepHistory,
} from './scene.ts';
import { RING_STEPS, StepRing } from './step-ring.ts';
import { sceneTarget } from './target.ts';
import { WINDOWS } from './view.ts';
import { WHOLE, wholeOf } from './whole.ts';

/** Plays a recording. */
export interface Player {
  readonly scene: Scene;
  /** Seconds since the session began. */
  readonly position: ReadonlySignal<number>;
  readonly playing: Signal<boolean>;
  readonly speed: Signal<number>;
  /** Seconds. */
  readonly length: number;
  seek(seconds: number): void;
  /** Removes the player from the paint loop. */
  close(): void;
}

/** The sound of a recording. */
export interface PlayerSound {
  /** Seconds since its beginning; null while it does not play. */
  position(): number | null;
  seek(seconds: number): void;
}

/** A tab that was suspended continues where it was. */
const MAX_FRAME_SECONDS = 0.25;

/**
 * @param sound what plays with it, if anything: while it plays, its position is the one shown
 */
export function createPlayer(
  curve: Curve,
  markers: ReadonlySignal<readonly Marker[]>,
  sound?: PlayerSound,
): Player {
  const { rows, times, startMs, endMs, stepSeconds, isFile = false, target = null, titles = [] } = curve;
  const length = Math.max(0, (endMs - startMs) / 1000);
  const position = signal(0);
  const playing = signal(false);
  const speed = signal<number>(1);
  const snapshot = signal<Snapshot>(EMPTY_SNAPSHOT);
  const history = signal<StepHistory | null>(null);
  const scale = stepSeconds / STEP_SECONDS;
  /** Longest time that a row stays valid after its own. */
  const validMs = 2_000 * stepSeconds + 1_000;

  /** Number of rows up to the position. */
  let shown = 0;
  let ring = new StepRing(stepSeconds);
  let lastMusic: EmotionFrame | null = null;

  const current = computed(() => {
    const { frame } = snapshot.value;
    if (frame === null) return false;
    return startMs + position.value * 1000 - Date.parse(frame.time) < validMs;
  });

  let lastMs = performance.now();
  const close = addPainter((nowMs) => {
    const elapsedSeconds = Math.min(MAX_FRAME_SECONDS, Math.max(0, (nowMs - lastMs) / 1000));
    lastMs = nowMs;
    if (!playing.peek()) return false;
    move(sound?.position() ?? position.peek() + elapsedSeconds * speed.peek());
    if (position.peek() >= length) playing.value = false;
    return true;
  });
  // If the recording starts without data, open it at the first row.
  const firstSeconds = times.length > 0 ? (times[0]! - startMs) / 1000 : 0;
  seek(rowsUntil(0) > 0 ? 0 : firstSeconds);

  return {
    scene: {
      snapshot,
      history,
      current,
      status: computed(() => statusOf(current.value ? snapshot.value.frame : null)),
      summary: computed(() =>
        summaryOf(current.value ? snapshot.value.frame : null, elapsed(position.value)),
      ),
      windowSeconds: signal(WHOLE),
      windows: [
        WHOLE,
        ...WINDOWS.map((seconds) => seconds * scale).filter((seconds, i) => i === 0 || seconds < length),
      ],
      whole: { ...wholeOf(curve), seek: (x) => seek(x - startMs / 1000) },
      markers: computed(() => chartMarkers(markers.value, ({ at }) => startMs / 1000 + at)),
      titles: signal(titles),
      target: signal(sceneTarget(target, startMs / 1000)),
      past: null,
      zero: { x: startMs / 1000, hasClock: !isFile },
      hasIntervals: rows.some(({ valenceSd }) => valenceSd !== null),
      hasForecast: rows.some(({ forecast }) => forecast.length > 0),
      nowLabel: 'here',
    },
    ...{ position, playing, speed, length, seek, close },
  };

  function seek(seconds: number): void {
    const to = Math.max(0, Math.min(length, seconds));
    // The chart is filled again, also for a short way: a ring cannot go back.
    ring = new StepRing(stepSeconds);
    lastMusic = null;
    shown = Math.max(0, rowsUntil(to) - RING_STEPS);
    sound?.seek(to);
    move(to);
    requestPaint();
  }

  function move(seconds: number): void {
    const to = Math.max(0, Math.min(length, seconds));
    const until = rowsUntil(to);
    for (; shown < until; shown++) {
      const row = rows[shown]!;
      ring.append(row);
      if (row.valence !== null) lastMusic = row;
    }
    const frame = rows[until - 1] ?? null;
    position.value = to;
    if (history.peek()?.ring === ring && history.peek()?.last === frame) return;
    history.value = { ring, last: frame };
    snapshot.value = { ...EMPTY_SNAPSHOT, frame, lastMusic };
  }

  /** Number of rows up to a position. The first row covers the time before it, so it is valid a little early. */
  function rowsUntil(seconds: number): number {
    const ms = startMs + seconds * 1000;
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! <= ms) low = middle + 1;
      else high = middle;
    }
    return low === 0 && times.length > 0 && times[0]! - ms < validMs ? 1 : low;
  }
}

function statusOf(frame: EmotionFrame | null): Status {
  if (frame === null) return { label: moodName('no data'), note: '', inactive: true };
  if (frame.activity !== 'music') return { label: moodName(frame.activity), note: '', inactive: true };
  return { label: moodName(frame.mood ?? 'music'), note: '', inactive: frame.mood === null };
}

function summaryOf(frame: EmotionFrame | null, at: string): string {
  if (frame === null) return t('player.at', { at, what: moodWord('no data') });
  if (frame.activity !== 'music') return t('player.at', { at, what: moodWord(frame.activity) });
  return t('player.atMusic', {
    at,
    what: perceived(frame.mood ?? 'music'),
    valence: signed(frame.valence),
    arousal: signed(frame.arousal),
  });
}

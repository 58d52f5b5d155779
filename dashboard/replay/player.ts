import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { EmotionFrame, Marker } from '../../src/client/index.ts';
import { STEP_SECONDS } from '../../src/types.ts';
import type { Mark } from '../draw/timeline.ts';
import { elapsed } from '../sessions/elapsed.ts';
import { addPainter, requestPaint } from '../state/frame-loop.ts';
import type { Scene, Track } from '../state/scene.ts';
import { RING_STEPS, StepRing } from '../state/step-ring.ts';
import type { Present } from '../state/store.ts';
import { WINDOWS } from '../state/time-window.ts';
import { capitalised, signed } from '../view/format.ts';
import type { Recording } from './recording.ts';

export const SPEEDS = [1, 2, 5, 10, 30] as const;

/** A recording that is looked at, moment by moment. */
export interface Player {
  readonly scene: Scene;
  /** Seconds since the session began. */
  readonly position: ReadonlySignal<number>;
  readonly playing: Signal<boolean>;
  readonly speed: Signal<number>;
  readonly length: number;
  seek(seconds: number): void;
  /** Ends it with the page that shows it. */
  close(): void;
}

const NOTHING: Present = { frame: null, lastMusic: null, events: [], state: 'running' };
/** A tab that slept goes on where it was. */
const MAX_FRAME_SECONDS = 0.25;

export function createPlayer(recording: Recording, markers: ReadonlySignal<readonly Marker[]>): Player {
  const { rows, times, startMs, endMs, stepSeconds } = recording;
  const length = Math.max(0, (endMs - startMs) / 1000);
  const position = signal(0);
  const playing = signal(false);
  const speed = signal<number>(1);
  const present = signal<Present>(NOTHING);
  const track = signal<Track | null>(null);
  const scale = stepSeconds / STEP_SECONDS;
  /** A row further from the position than this says nothing of it. */
  const nearMs = 2_000 * stepSeconds + 1_000;

  /** Rows up to the position. */
  let shown = 0;
  let ring = new StepRing(stepSeconds);
  let lastMusic: EmotionFrame | null = null;

  const currentRow = computed(() => {
    const { frame } = present.value;
    if (frame === null) return false;
    return startMs + position.value * 1000 - Date.parse(frame.time) < nearMs;
  });

  const endPainting = addPainter((nowMs) => {
    if (!playing.peek()) {
      lastMs = nowMs;
      return false;
    }
    const elapsedSeconds = Math.min(MAX_FRAME_SECONDS, Math.max(0, (nowMs - lastMs) / 1000));
    lastMs = nowMs;
    move(position.peek() + elapsedSeconds * speed.peek());
    if (position.peek() >= length) playing.value = false;
    return true;
  });
  let lastMs = performance.now();
  // Where nothing was heard at first, it opens on what was.
  const firstSeconds = times.length > 0 ? (times[0]! - startMs) / 1000 : 0;
  seek(rowsUntil(0) > 0 ? 0 : firstSeconds);

  return {
    scene: {
      present,
      track,
      current: currentRow,
      said: computed(() => saidOf(present.value.frame, currentRow.value)),
      summary: computed(() => summaryOf(present.value.frame, currentRow.value, elapsed(position.value))),
      seconds: signal(WINDOWS[1] * scale),
      windows: signal(WINDOWS.map((seconds) => seconds * scale)),
      marks: computed<readonly Mark[]>(() =>
        markers.value.map(({ time }, i) => ({ x: Date.parse(time) / 1000, label: String(i + 1) })),
      ),
      nowWord: 'here',
    },
    ...{ position, playing, speed, length, seek },
    close: endPainting,
  };

  function seek(seconds: number): void {
    const to = Math.max(0, Math.min(length, seconds));
    // Backwards, or far: the chart is filled anew.
    ring = new StepRing(stepSeconds);
    lastMusic = null;
    shown = Math.max(0, rowsUntil(to) - RING_STEPS);
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
    if (track.peek()?.ring !== ring || present.peek().frame !== frame) {
      if (track.peek()?.ring !== ring || track.peek()?.last !== frame) track.value = { ring, last: frame };
      present.value = { ...NOTHING, frame, lastMusic };
    }
  }

  /** How many rows there are up to a moment; the first, which tells of the time before it, comes a little early. */
  function rowsUntil(seconds: number): number {
    const ms = startMs + seconds * 1000;
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! <= ms) low = middle + 1;
      else high = middle;
    }
    return low === 0 && times.length > 0 && times[0]! - ms < nearMs ? 1 : low;
  }
}

function saidOf(frame: EmotionFrame | null, current: boolean) {
  if (frame === null || !current) return { word: 'No data', note: '', resting: true };
  if (frame.activity !== 'music') return { word: capitalised(frame.activity), note: '', resting: true };
  return { word: capitalised(frame.mood ?? 'music'), note: '', resting: frame.mood === null };
}

function summaryOf(frame: EmotionFrame | null, current: boolean, at: string): string {
  if (frame === null || !current) return `At ${at} nothing was heard.`;
  if (frame.activity !== 'music') return `At ${at}: ${frame.activity}.`;
  return `At ${at} the music is perceived as ${frame.mood ?? 'music'}; valence ${signed(frame.valence)}, arousal ${signed(frame.arousal)}.`;
}

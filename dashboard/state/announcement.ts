import { effect, signal } from '@preact/signals';
import { liveScene } from './live-scene.ts';
import { chosen } from './streams.ts';

/** Shortest time between two announcements of a mood: the screen reader has other things to read. */
const MOOD_MS = 30_000;

/** What a screen reader reads out about the chosen stream. */
export const announcement = signal('');

let announced = '';
let announcedAtMs = Number.NEGATIVE_INFINITY;
let announcedState = '';

/** A change of mood that comes too early is announced later, if it still holds; one of the state, at once. */
export function announceChanges(): void {
  effect(() => {
    const { frame, state } = liveScene.snapshot.value;
    const text = liveScene.summary.value;
    if (frame === null || text === announced) return;
    const stateNow = `${chosen.value} ${state}`;
    const nowMs = performance.now();
    if (stateNow === announcedState && nowMs - announcedAtMs < MOOD_MS) return;
    announced = text;
    announcedAtMs = nowMs;
    announcedState = stateNow;
    announcement.value = text;
  });
}

import { computed, effect, signal } from '@preact/signals';
import { view, wallParameter } from './view.ts';

/** Whether the browser shows the page on the full screen. */
export const fullScreen = signal(false);
/** Nothing but what is watched, in large letters: `wall=1` in the address, or full screen. */
export const wallMode = computed(() => wallParameter.value || fullScreen.value);
/** Not on phones of one maker. */
export const canFullScreen = document.fullscreenEnabled === true;

export async function toggleFullScreen(): Promise<void> {
  try {
    if (document.fullscreenElement === null) await document.documentElement.requestFullscreen();
    else await document.exitFullscreen();
  } catch {
    // The browser refuses: nothing changes.
  }
}

/** Leaves the wall mode, however it was entered. */
export function leaveWallMode(): void {
  wallParameter.value = false;
  if (document.fullscreenElement !== null) void document.exitFullscreen().catch(() => {});
}

/** Keeps the style sheets and the screen's wake lock up to date. */
export function syncDisplay(): void {
  document.addEventListener('fullscreenchange', () => {
    fullScreen.value = document.fullscreenElement !== null;
  });
  effect(() => {
    document.documentElement.toggleAttribute('data-wall', wallMode.value);
  });
  let lock: WakeLockSentinel | null = null;
  const isWatched = () => wallMode.value || view.value.page === 'wall' || view.value.page === 'booth';
  const apply = async () => {
    if (!isWatched()) {
      await lock?.release();
      lock = null;
    } else if (lock === null || lock.released) {
      // The browser releases it when the tab is hidden, and may refuse it, for example on a low battery.
      lock = await navigator.wakeLock.request('screen').catch(() => null);
    }
  };
  if (!('wakeLock' in navigator)) return;
  // One after the other: views may change faster than the browser gives or releases a lock.
  let updating: Promise<void> = Promise.resolve();
  const update = () => {
    updating = updating.then(apply);
  };
  effect(() => {
    isWatched();
    update();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') update();
  });
}

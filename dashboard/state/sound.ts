import { effect, type Signal, signal } from '@preact/signals';
import type { Player, PlayerSound } from './player.ts';

/** A file's sound in the browser, in step with a player. */
export interface FileSound extends PlayerSound {
  /** The browser cannot play this kind of file. */
  readonly failed: Signal<boolean>;
  /** Plays and pauses with the player, at its speed. */
  follow(player: Pick<Player, 'playing' | 'speed' | 'position'>): () => void;
}

/** Browsers play between these speeds; outside, there is no sound. */
const MIN_SPEED = 0.25;
const MAX_SPEED = 4;

export function createFileSound(file: Blob): FileSound {
  const url = URL.createObjectURL(file);
  const audio = new Audio(url);
  const failed = signal(false);
  audio.preload = 'auto';
  audio.onerror = () => {
    failed.value = true;
  };
  return {
    failed,
    position: () => (audio.paused || failed.peek() ? null : audio.currentTime),
    seek(seconds) {
      if (!failed.peek() && Math.abs(audio.currentTime - seconds) > 0.01) audio.currentTime = seconds;
    },
    follow({ playing, speed, position }) {
      const stop = effect(() => {
        const rate = speed.value;
        const audible = rate >= MIN_SPEED && rate <= MAX_SPEED;
        if (audible) audio.playbackRate = rate;
        if (!playing.value || !audible || failed.value) return audio.pause();
        // It was paused while the player went on without it.
        if (Math.abs(audio.currentTime - position.peek()) > 0.3) audio.currentTime = position.peek();
        audio.play().catch((error: unknown) => {
          // Paused again before it began.
          if ((error as Error).name === 'AbortError') return;
          if ((error as Error).name === 'NotAllowedError') playing.value = false;
          else failed.value = true;
        });
      });
      return () => {
        stop();
        audio.pause();
        audio.removeAttribute('src');
        URL.revokeObjectURL(url);
      };
    },
  };
}

/** Length of a file in seconds; null where the browser cannot read it. */
export function durationOf(file: Blob): Promise<number | null> {
  const url = URL.createObjectURL(file);
  const audio = new Audio();
  audio.preload = 'metadata';
  return new Promise<number | null>((resolve) => {
    audio.onloadedmetadata = () => resolve(Number.isFinite(audio.duration) ? audio.duration : null);
    audio.onerror = () => resolve(null);
    audio.src = url;
  }).finally(() => {
    audio.removeAttribute('src');
    URL.revokeObjectURL(url);
  });
}

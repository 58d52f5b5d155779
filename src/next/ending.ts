import type { Mood } from '../mood.ts';
import type { EmotionFrame, Forecast } from '../types.ts';
import { STEP_SECONDS } from '../types.ts';
import { isMusic, type MusicFrame, SUSTAINED_SECONDS } from './music-runs.ts';

/** What the model said when a track's music ended. */
export interface Ending {
  /** Seconds since the track began. */
  readonly t: number;
  readonly valence: number;
  readonly arousal: number;
  readonly valenceSd: number;
  readonly arousalSd: number;
  readonly mood: Mood;
  readonly forecast: readonly Forecast[];
}

/**
 * Listens for the end of the music: the last frame of the last sustained music, so that silence, an announcement
 * and what is left over after them do not count. It keeps two frames, however long the track.
 */
export class EndingListener {
  #run = 0;
  #last: MusicFrame | undefined;
  #sustained: MusicFrame | undefined;

  hear(frame: EmotionFrame): void {
    if (!isMusic(frame)) {
      this.#run = 0;
      return;
    }
    this.#run++;
    this.#last = frame;
    if (this.#run * STEP_SECONDS >= SUSTAINED_SECONDS) this.#sustained = frame;
  }

  /** Undefined where no music was heard. Music that never lasted, a few notes with rests, ends with its last note. */
  get ending(): Ending | undefined {
    const frame = this.#sustained ?? this.#last;
    if (!frame) return undefined;
    const { t, valence, arousal, valenceSd, arousalSd, mood, forecast } = frame;
    return { t, valence, arousal, valenceSd, arousalSd, mood, forecast };
  }
}

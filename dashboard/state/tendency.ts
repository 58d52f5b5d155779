import { slopeOf } from './slope.ts';
import type { Steps } from './steps.ts';

/** Where the music is moving: valence up or down, arousal up or down, or neither. */
export type Tendency = 'brightening' | 'darkening' | 'rising' | 'calming' | 'steady';

export interface TendencyState {
  readonly shown: Tendency;
  /** What it will be if it holds. */
  readonly next: Tendency;
  /** Since when `next` has held, in seconds since 1970. */
  readonly since: number;
}

/** Time that a tendency is measured over. */
const TENDENCY_SECONDS = 15;
/** A tendency begins above this change in TENDENCY_SECONDS and ends below the smaller one. */
const BEGIN = 0.15;
const END = 0.07;
/** Another tendency has to be this many times as strong to replace one that lasts. */
const STRONGER = 1.5;
/** A change is shown once it has held for this long. */
const HOLD_SECONDS = 4;

/** Change of both axes over TENDENCY_SECONDS. */
export interface Change {
  readonly valence: number;
  readonly arousal: number;
}

/** Null if there is too little music to measure. */
export function changeOf(steps: Steps): Change | null {
  const valence = slopeOf(steps, 'valence', TENDENCY_SECONDS);
  const arousal = slopeOf(steps, 'arousal', TENDENCY_SECONDS);
  if (valence === null || arousal === null) return null;
  return { valence: valence * TENDENCY_SECONDS, arousal: arousal * TENDENCY_SECONDS };
}

/** The state after a step at `x` seconds. It has a dead band and a hold, so that the word stands still. */
export function nextTendency(state: TendencyState | null, change: Change, x: number): TendencyState {
  if (state === null) {
    const first = pick(change, 'steady');
    return { shown: first, next: first, since: x };
  }
  const next = pick(change, state.shown);
  const since = next === state.next ? state.since : x;
  return { shown: x - since >= HOLD_SECONDS ? next : state.shown, next, since };
}

/** The tendency of a change, given the one that is shown. */
function pick({ valence, arousal }: Change, shown: Tendency): Tendency {
  const strengths: readonly (readonly [Tendency, number])[] = [
    ['brightening', valence],
    ['darkening', -valence],
    ['rising', arousal],
    ['calming', -arousal],
  ];
  const [strongest, most] = strengths.reduce((a, b) => (b[1] > a[1] ? b : a));
  const lasting = strengths.find(([name]) => name === shown)?.[1] ?? 0;
  if (lasting > END && most < STRONGER * lasting) return shown;
  return most > BEGIN ? strongest : 'steady';
}

import type { EmotionFrame } from '../../src/types.ts';
import { t } from './i18n.ts';

/** The distance on the plane between two streams at one moment. */
export interface JumpAt {
  /** Seconds from now. */
  readonly seconds: number;
  readonly jump: number;
}

/** Distance on the plane below which a cut is hardly noticed, and above which it is a jump. */
const CLOSE = 0.15;
const FAR = 0.35;
/** Smaller changes of the distance are within the error of the forecast. */
const CHANGE = 0.05;

/** The jump that a cut from one stream to another would make now and at each horizon of the forecast. */
export function jumpsBetween(from: EmotionFrame, to: EmotionFrame): JumpAt[] {
  const jumps: JumpAt[] = [];
  const add = (seconds: number, a: Place, b: Place) => {
    if (a.valence === null || a.arousal === null || b.valence === null || b.arousal === null) return;
    jumps.push({ seconds, jump: Math.hypot(a.valence - b.valence, a.arousal - b.arousal) });
  };
  add(0, from, to);
  from.forecast.forEach((ahead, i) => {
    const other = to.forecast[i];
    if (other?.horizon === ahead.horizon) add(ahead.horizon, ahead, other);
  });
  return jumps;
}

interface Place {
  readonly valence: number | null;
  readonly arousal: number | null;
}

export const JUMP_SIZES = ['close', 'step', 'jump'] as const;

export const jumpSize = (jump: number): (typeof JUMP_SIZES)[number] =>
  jump < CLOSE ? 'close' : jump < FAR ? 'step' : 'jump';

/**
 * When a cut would be least noticed: "closing, least in 5 s", "opening, until 0:10", or "about the same for 10 s".
 * Null without a forecast.
 */
export function jumpTrend(jumps: readonly JumpAt[]): string | null {
  const [now] = jumps;
  const last = jumps.at(-1);
  if (now === undefined || last === undefined || last === now) return null;
  const least = jumps.reduce((a, b) => (b.jump < a.jump ? b : a));
  if (now.jump - least.jump > CHANGE) return t('jump.closing', { seconds: least.seconds });
  const most = jumps.reduce((a, b) => (b.jump > a.jump ? b : a));
  if (most.jump - now.jump > CHANGE)
    return t('jump.opening', { time: `0:${String(Math.round(most.seconds)).padStart(2, '0')}` });
  return t('jump.same', { seconds: last.seconds });
}

/** One of each kind of `jumpTrend`, with the most digits. */
export const jumpTrendTexts = (): readonly string[] => [
  t('jump.closing', { seconds: 10 }),
  t('jump.opening', { time: '0:10' }),
  t('jump.same', { seconds: 10 }),
];

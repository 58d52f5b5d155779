import type { Ending, OpeningStep } from '../../src/library/passages.ts';
import { openingOf } from '../../src/library/passages.ts';
import {
  type Activity,
  EMPTY_FRAME,
  type EmotionFrame,
  FORECAST_HORIZONS,
  type Forecast,
} from '../../src/types.ts';

export interface Point {
  readonly valence: number;
  readonly arousal: number;
}

/** Half the width of the intervals of `forecastTo`, for a standard deviation of 0.2. */
const HALF_WIDTH = 1.645 * 0.2;

/** One letter a step: `m`usic, `s`peech, anything else is silence. Valence is the index of the step / 100. */
export function framesOf(letters: string): EmotionFrame[] {
  return [...letters].map((letter, seq) => {
    const activity: Activity = letter === 'm' ? 'music' : letter === 's' ? 'speech' : 'silence';
    const music = activity === 'music';
    return {
      ...EMPTY_FRAME,
      stream: 'test',
      seq,
      t: 0.5 * (seq + 1),
      time: '2026-01-01T00:00:00.000Z',
      valence: music ? seq / 100 : null,
      arousal: music ? 0.5 : null,
      valenceSd: music ? 0.2 : null,
      arousalSd: music ? 0.1 : null,
      forecast: music ? forecastTo({ valence: seq / 100, arousal: 0.5 }) : [],
      mood: music ? 'energetic' : null,
      loudness: music ? -14 : null,
      activity,
      confidence: music ? 0.5 : 0,
      latencyMs: 1,
    };
  });
}

/** A forecast that moves linearly to `to` within 10 s, starting at `from`. */
export function forecastTo(to: Point, from: Point = to): Forecast[] {
  return FORECAST_HORIZONS.map((horizon) => {
    const share = horizon / 10;
    const valence = from.valence + share * (to.valence - from.valence);
    const arousal = from.arousal + share * (to.arousal - from.arousal);
    return {
      horizon,
      valence,
      arousal,
      valenceLow: valence - HALF_WIDTH,
      valenceHigh: valence + HALF_WIDTH,
      arousalLow: arousal - HALF_WIDTH,
      arousalHigh: arousal + HALF_WIDTH,
    };
  });
}

export function endingAt(to: Point, from: Point = to): Ending {
  const sds = { valenceSd: 0.2, arousalSd: 0.2 };
  return { t: 60, ...from, ...sds, mood: 'neutral', forecast: forecastTo(to, from) };
}

/** An opening that moves linearly from one point to another within 10 s, or stays. */
export function pathOf(from: Point, to: Point = from, sd = 0.2, seconds = 15): OpeningStep[] {
  return Array.from({ length: 2 * seconds }, (_, i) => {
    const at = 0.5 * (i + 1);
    const share = Math.min(1, at / 10);
    return {
      at,
      valence: from.valence + share * (to.valence - from.valence),
      arousal: from.arousal + share * (to.arousal - from.arousal),
      valenceSd: sd,
      arousalSd: sd,
    };
  });
}

export function openingOn(path: readonly OpeningStep[]) {
  const { mood } = openingOf(framesOf('mmmmmmmm'), 15)!;
  return { start: 0, path, valence: path[0]!.valence, arousal: path[0]!.arousal, mood };
}

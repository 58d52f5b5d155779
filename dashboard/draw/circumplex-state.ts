import { type EmotionFrame, FORECAST_HORIZONS } from '../../src/types.ts';
import { Glide } from './glide.ts';

/** Where each gliding number lies. The forecast of horizon `h` begins at `FORECAST + h · PER_HORIZON`. */
export const VALENCE = 0;
export const AROUSAL = 1;
export const VALENCE_SD = 2;
export const AROUSAL_SD = 3;
/** 1: the emotion is known now; 0: the point rests at the last known place. */
export const KNOWN = 4;
/** 1: there is a forecast. */
export const AHEAD = 5;
export const FORECAST = 6;
/** valence, arousal, then centre and half-width of the 90 % interval on each axis. */
export const PER_HORIZON = 6;
export const HORIZONS = FORECAST_HORIZONS.length;
const SIZE = FORECAST + HORIZONS * PER_HORIZON;

export const newCircumplexGlide = (): Glide => new Glide(SIZE);

/** Aims the glide at what is known: `frame` now, else the place of `lastMusic`, greyed. */
export function aim(
  { targets }: Glide,
  frame: EmotionFrame | null,
  lastMusic: EmotionFrame | null,
  current: boolean,
): void {
  const known = frame?.valence != null && current;
  const shown = frame?.valence != null ? frame : lastMusic;
  targets[KNOWN] = known ? 1 : 0;
  targets[AHEAD] = known && frame.forecast.length === HORIZONS ? 1 : 0;
  // NaN: no place at all, for nothing is invented.
  targets[VALENCE] = shown?.valence ?? Number.NaN;
  targets[AROUSAL] = shown?.arousal ?? Number.NaN;
  targets[VALENCE_SD] = shown?.valenceSd ?? 0;
  targets[AROUSAL_SD] = shown?.arousalSd ?? 0;
  if (shown === null) return;
  for (let h = 0; h < HORIZONS; h++) {
    const forecast = shown.forecast[h];
    if (forecast === undefined) continue;
    const at = FORECAST + h * PER_HORIZON;
    targets[at] = forecast.valence;
    targets[at + 1] = forecast.arousal;
    targets[at + 2] = (forecast.valenceLow + forecast.valenceHigh) / 2;
    targets[at + 3] = (forecast.arousalLow + forecast.arousalHigh) / 2;
    targets[at + 4] = (forecast.valenceHigh - forecast.valenceLow) / 2;
    targets[at + 5] = (forecast.arousalHigh - forecast.arousalLow) / 2;
  }
}

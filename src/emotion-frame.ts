import { type Mood, moodOf } from './mood.ts';
import type { Activity, EmotionFrame, Forecast, ModelOutput, StepWindow } from './types.ts';
import { STEP_SECONDS } from './types.ts';

/** The frame of a step in which music was heard. */
export function musicFrame(
  stream: string,
  window: StepWindow,
  output: ModelOutput,
  previousMood: Mood | null,
): EmotionFrame & { readonly mood: Mood } {
  const valence = round(output.valence);
  const arousal = round(output.arousal);
  return {
    ...timing(stream, window),
    valence,
    arousal,
    valenceSd: round(output.valenceSd),
    arousalSd: round(output.arousalSd),
    forecast: output.forecast.map(roundForecast),
    mood: moodOf(valence, arousal, previousMood),
    loudness: round(window.loudness),
    activity: 'music',
    confidence: round(output.confidence),
    latencyMs: latency(window),
  };
}

/** The frame of a step without music: nothing is invented. */
export function restingFrame(
  stream: string,
  window: StepWindow,
  activity: Exclude<Activity, 'music'>,
): EmotionFrame {
  return {
    ...timing(stream, window),
    valence: null,
    arousal: null,
    valenceSd: null,
    arousalSd: null,
    forecast: [],
    mood: null,
    loudness: Number.isFinite(window.loudness) ? round(window.loudness) : null,
    activity,
    confidence: 0,
    latencyMs: latency(window),
  };
}

function timing(stream: string, window: StepWindow) {
  return {
    type: 'emotion',
    stream,
    seq: window.step,
    t: (window.step + 1) * STEP_SECONDS,
    time: new Date().toISOString(),
  } as const;
}

function latency(window: StepWindow): number {
  return Math.round((performance.now() - window.arrivedAtMs) * 100) / 100;
}

/** Six decimals: far below what the model resolves, and half the size of a float64 in JSON. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function roundForecast(forecast: Forecast): Forecast {
  return {
    horizon: forecast.horizon,
    valence: round(forecast.valence),
    arousal: round(forecast.arousal),
    valenceLow: round(forecast.valenceLow),
    valenceHigh: round(forecast.valenceHigh),
    arousalLow: round(forecast.arousalLow),
    arousalHigh: round(forecast.arousalHigh),
  };
}

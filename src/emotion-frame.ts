import { EMPTY_FRAME, FRAME_FIELDS, rounded } from './frame-fields.ts';
import type { Mood } from './mood.ts';
import {
  type Activity,
  type EmotionFrame,
  type ModelOutput,
  STEP_SECONDS,
  type StepWindow,
} from './types.ts';

/** The frame of a step with music. Its numbers are rounded to the decimals in frame-fields.ts. */
export function musicFrame(
  stream: string,
  window: StepWindow,
  output: ModelOutput,
  mood: Mood,
): EmotionFrame {
  return rounded(FRAME_FIELDS, {
    ...timing(stream, window),
    valence: output.valence,
    arousal: output.arousal,
    valenceSd: output.valenceSd,
    arousalSd: output.arousalSd,
    forecast: output.forecast,
    mood,
    loudness: window.loudness,
    activity: 'music',
    confidence: output.confidence,
    latencyMs: latency(window),
  });
}

/** The frame of a step without music: valence, arousal and mood are null. */
export function nonMusicFrame(
  stream: string,
  window: StepWindow,
  activity: Exclude<Activity, 'music'>,
): EmotionFrame {
  return rounded(FRAME_FIELDS, {
    ...EMPTY_FRAME,
    ...timing(stream, window),
    loudness: Number.isFinite(window.loudness) ? window.loudness : null,
    activity,
    latencyMs: latency(window),
  });
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

const latency = (window: StepWindow): number => performance.now() - window.arrivedAtMs;

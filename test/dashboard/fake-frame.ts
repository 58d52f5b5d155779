import {
  type Activity,
  EMPTY_FRAME,
  type EmotionFrame,
  FORECAST_HORIZONS,
  STEP_SECONDS,
} from '../../src/types.ts';

/** Step numbers (of a cycle of `CYCLE`) in which the fake streams play no music. */
const CYCLE = 240;
const SILENCE = [150, 170] as const;
const SPEECH = [200, 214] as const;

/** What a frame has in silence: for the `fields` of the fake server. */
export const SILENT = {
  ...{ activity: 'silence', mood: null, loudness: null, forecast: [] },
  ...{ valence: null, arousal: null, valenceSd: null, arousalSd: null },
} as const satisfies Partial<EmotionFrame>;

/** A plausible frame, a pure function of stream and step: a slow path over the plane, with pauses. */
export function fakeFrame(stream: string, seq: number, timeMs: number): EmotionFrame {
  const t = STEP_SECONDS * (seq + 1);
  const activity = activityAt(seq % CYCLE);
  const base = {
    ...EMPTY_FRAME,
    stream,
    seq,
    t,
    time: new Date(timeMs).toISOString(),
    latencyMs: 3 + 2 * wave(seq, 7),
    activity,
  } as const;
  if (activity !== 'music') {
    return {
      ...base,
      valence: null,
      arousal: null,
      valenceSd: null,
      arousalSd: null,
      forecast: [],
      mood: null,
      loudness: activity === 'silence' ? null : -24 + 4 * wave(seq, 5),
      confidence: 0,
    };
  }
  const phase = [...stream].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const [valence, arousal] = placeAt(t, phase);
  return {
    ...base,
    valence,
    arousal,
    valenceSd: 0.18 + 0.03 * wave(seq, 41),
    arousalSd: 0.14 + 0.03 * wave(seq, 29),
    forecast: FORECAST_HORIZONS.map((horizon) => {
      // Forecasts change less than the music does.
      const [v, a] = placeAt(t + 0.6 * horizon, phase);
      const spread = 1 + 0.04 * horizon;
      return {
        horizon,
        valence: v,
        arousal: a,
        valenceLow: v - 0.29 * spread,
        valenceHigh: v + 0.29 * spread,
        arousalLow: a - 0.24 * spread,
        arousalHigh: a + 0.24 * spread,
      };
    }),
    mood: moodAt(valence, arousal),
    loudness: -16 + 5 * arousal + 2 * wave(seq, 3),
    confidence: 0.7 + 0.1 * wave(seq, 53),
  };
}

function activityAt(step: number): Activity {
  if (step >= SILENCE[0] && step < SILENCE[1]) return 'silence';
  return step >= SPEECH[0] && step < SPEECH[1] ? 'speech' : 'music';
}

function placeAt(t: number, phase: number): [valence: number, arousal: number] {
  return [
    0.45 * Math.sin(t / 31 + phase) + 0.12 * Math.sin(t / 7.3 + phase) + 0.006 * Math.sin(t * 2.1),
    0.5 * Math.sin(t / 23 + 2 * phase) + 0.1 * Math.sin(t / 5.9) + 0.008 * Math.sin(t * 1.7 + phase),
  ];
}

const wave = (seq: number, period: number): number => Math.sin((2 * Math.PI * seq) / period);

function moodAt(valence: number, arousal: number): string {
  if (Math.hypot(valence, arousal) < 0.12) return 'neutral';
  if (arousal >= 0) return valence >= 0 ? 'excited' : 'tense';
  return valence >= 0 ? 'calm' : 'sad';
}

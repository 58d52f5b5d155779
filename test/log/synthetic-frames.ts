import { FRAME_FIELDS, rounded } from '../../src/frame-fields.ts';
import { MoodHold } from '../../src/mood-hold.ts';
import { type EmotionFrame, FORECAST_HORIZONS } from '../../src/types.ts';

/** A seeded random generator (mulberry32), so that every run of a test gets the same numbers. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

const clamp = (value: number): number => Math.max(-1, Math.min(1, value));
/** Half widths of the forecasts' intervals in standard deviations, as a calibrated model has them. */
const WIDTHS = [1.6525, 1.651, 1.6562, 1.6754, 1.6594];

/** Standard deviations of the change of forecasts from one horizon to the next. */
const BENDS = [0.00025, 0.000175, 0.00023, 0.0005, 0.001];

/**
 * Synthetic frames with the statistics of the model's frames of real music: the same changes from one to the next (0.05
 * in valence and arousal, 0.01 in their standard deviations, 2 dB), forecasts close to the current point with intervals
 * proportional to the standard deviations, and latencies and times with the jitter of a busy machine.
 */
export function syntheticFrames(
  stream: string,
  count: number,
  { startMs = Date.parse('2026-01-01T00:00:00Z'), seed = 1, firstSeq = 0 } = {},
): EmotionFrame[] {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let [valence, arousal, valenceSd, arousalSd, loudness] = [0.1, 0.2, 0.18, 0.17, -16];
  const drift = [new Float64Array(5), new Float64Array(5)] as const;
  const hold = new MoodHold();
  return Array.from({ length: count }, (_, i): EmotionFrame => {
    valence = clamp(0.97 * valence + 0.045 * normal());
    arousal = clamp(0.97 * arousal + 0.055 * normal());
    valenceSd = Math.max(0.05, 0.17 + 0.9 * (valenceSd - 0.17) + 0.01 * normal());
    arousalSd = Math.max(0.05, 0.16 + 0.9 * (arousalSd - 0.16) + 0.01 * normal());
    loudness = -16 + 0.8 * (loudness + 16) + 2 * normal();
    const mood = hold.step(valence, arousal, valenceSd, arousalSd);
    for (const axis of drift) for (const h of axis.keys()) axis[h] = 0.8 * axis[h]! + BENDS[h]! * normal();
    const seq = firstSeq + i;
    return rounded(FRAME_FIELDS, {
      type: 'emotion',
      stream,
      seq,
      t: 0.5 * (seq + 1),
      time: new Date(startMs + i * 500 + Math.round(3 * normal())).toISOString(),
      valence: valence,
      arousal: arousal,
      valenceSd: valenceSd,
      arousalSd: arousalSd,
      forecast: FORECAST_HORIZONS.map((horizon, h) => {
        const change = (axis: Float64Array) => axis.subarray(0, h + 1).reduce((sum, bend) => sum + bend, 0);
        const v = clamp(valence + change(drift[0]));
        const a = clamp(arousal + change(drift[1]));
        return {
          horizon,
          valence: v,
          arousal: a,
          valenceLow: clamp(v - WIDTHS[h]! * valenceSd),
          valenceHigh: clamp(v + WIDTHS[h]! * valenceSd),
          arousalLow: clamp(a - WIDTHS[h]! * arousalSd),
          arousalHigh: clamp(a + WIDTHS[h]! * arousalSd),
        };
      }),
      mood,
      loudness: loudness,
      activity: 'music',
      confidence: Math.max(0, 1 - ((valenceSd / 0.24) ** 2 + (arousalSd / 0.28) ** 2) / 2),
      latencyMs: 4 + 2 * Math.abs(normal()),
    });
  });
}

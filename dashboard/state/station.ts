import type { EmotionBucket } from '../../src/client/index.ts';

/** A span of a station's past, and the length of one point of its chart. */
export interface Period {
  readonly name: 'day' | 'week' | 'year';
  readonly ms: number;
  readonly resolution: '10m' | '1h' | '1d';
  readonly stepMs: number;
}

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const PERIODS: readonly Period[] = [
  { name: 'day', ms: DAY_MS, resolution: '10m', stepMs: 10 * MINUTE_MS },
  { name: 'week', ms: 7 * DAY_MS, resolution: '1h', stepMs: HOUR_MS },
  { name: 'year', ms: 365 * DAY_MS, resolution: '1d', stepMs: DAY_MS },
];

/** Means over buckets, each weighted by its frames with music; null without music. */
export interface Mean {
  readonly valence: number | null;
  readonly arousal: number | null;
  /** Shares of the frames; together 1, or 0 without frames. */
  readonly music: number;
  readonly speech: number;
  readonly silence: number;
  /** Share of each mood among the frames with music, the most frequent first. */
  readonly moods: readonly (readonly [mood: string, share: number])[];
  readonly frames: number;
}

export function meanOf(buckets: readonly EmotionBucket[]): Mean {
  let [valence, arousal, music, speech, silence, frames] = [0, 0, 0, 0, 0, 0];
  const moods = new Map<string, number>();
  for (const bucket of buckets) {
    const playing = bucket.music * bucket.frames;
    frames += bucket.frames;
    music += playing;
    speech += bucket.speech * bucket.frames;
    silence += bucket.silence * bucket.frames;
    if (bucket.valence !== null && bucket.arousal !== null) {
      valence += bucket.valence * playing;
      arousal += bucket.arousal * playing;
    }
    for (const [mood, share] of Object.entries(bucket.moods))
      moods.set(mood, (moods.get(mood) ?? 0) + (share ?? 0) * bucket.frames);
  }
  const shareOf = (count: number) => (frames === 0 ? 0 : count / frames);
  return {
    valence: music === 0 ? null : valence / music,
    arousal: music === 0 ? null : arousal / music,
    music: shareOf(music),
    speech: shareOf(speech),
    silence: shareOf(silence),
    moods: [...moods]
      .map(([mood, count]) => [mood, count / (music || 1)] as const)
      .sort((a, b) => b[1] - a[1]),
    frames,
  };
}

/** Day of the week in this time zone, 0 for Monday. */
const weekdayOf = (time: string): number => (new Date(time).getDay() + 6) % 7;
const hourOf = (time: string): number => new Date(time).getHours();

/** Means by weekday (0 for Monday) and hour, in this time zone: [7][24]. `buckets` are hours. */
export function byWeekdayAndHour(buckets: readonly EmotionBucket[]): readonly (readonly Mean[])[] {
  const cells = Array.from({ length: 7 }, () => Array.from({ length: 24 }, (): EmotionBucket[] => []));
  for (const bucket of buckets) cells[weekdayOf(bucket.time)]![hourOf(bucket.time)]!.push(bucket);
  return cells.map((hours) => hours.map(meanOf));
}

/** Means by hour of the day: [24]. */
export function byHour(buckets: readonly EmotionBucket[]): readonly Mean[] {
  const hours = Array.from({ length: 24 }, (): EmotionBucket[] => []);
  for (const bucket of buckets) hours[hourOf(bucket.time)]!.push(bucket);
  return hours.map(meanOf);
}

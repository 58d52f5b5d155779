import { MOODS, type Mood } from '../../../mood.ts';
import { type Sums, sumOf } from './sums.ts';

/** One bucket of a coarser resolution. Means and the like are over the frames that have the quantity. */
export interface EmotionBucket {
  /** Start of the bucket, ISO 8601. */
  readonly time: string;
  readonly frames: number;
  readonly valence: number | null;
  /** How much it varied within the bucket: the standard deviation of its frames' values. */
  readonly valenceSd: number | null;
  readonly valenceMin: number | null;
  readonly valenceMax: number | null;
  readonly arousal: number | null;
  readonly arousalSd: number | null;
  readonly arousalMin: number | null;
  readonly arousalMax: number | null;
  readonly loudness: number | null;
  readonly confidence: number | null;
  /** Shares of the bucket's frames, together 1. */
  readonly music: number;
  readonly speech: number;
  readonly silence: number;
  /** Share of the bucket's frames of each mood that occurs, together at most `music`. */
  readonly moods: Readonly<Partial<Record<Mood, number>>>;
}

export function toBucket(startMs: number, sums: Sums): EmotionBucket {
  const frames = sumOf(sums, 'frames');
  const felt = sumOf(sums, 'felt');
  return {
    time: new Date(startMs).toISOString(),
    frames,
    valence: mean(sumOf(sums, 'valence'), felt),
    valenceSd: spread(sumOf(sums, 'valence'), sumOf(sums, 'valence_squares'), felt),
    valenceMin: felt > 0 ? sumOf(sums, 'valence_min') / 1e6 : null,
    valenceMax: felt > 0 ? sumOf(sums, 'valence_max') / 1e6 : null,
    arousal: mean(sumOf(sums, 'arousal'), felt),
    arousalSd: spread(sumOf(sums, 'arousal'), sumOf(sums, 'arousal_squares'), felt),
    arousalMin: felt > 0 ? sumOf(sums, 'arousal_min') / 1e6 : null,
    arousalMax: felt > 0 ? sumOf(sums, 'arousal_max') / 1e6 : null,
    loudness: mean(sumOf(sums, 'loudness'), sumOf(sums, 'heard')),
    confidence: mean(sumOf(sums, 'confidence'), frames),
    music: share(sumOf(sums, 'music'), frames),
    speech: share(sumOf(sums, 'speech'), frames),
    silence: share(sumOf(sums, 'silence'), frames),
    moods: Object.fromEntries(
      MOODS.flatMap((mood) => {
        const count = sumOf(sums, `mood_${mood}`);
        return count > 0 ? [[mood, share(count, frames)]] : [];
      }),
    ),
  };
}

/** Millionths to units, to six decimals as in frames. */
const mean = (sum: number, count: number): number | null =>
  count === 0 ? null : Math.round(sum / count) / 1e6 + 0;

/** Population standard deviation. */
function spread(sum: number, squares: number, count: number): number | null {
  if (count === 0) return null;
  return Math.round(Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2))) / 1e6;
}

const share = (count: number, frames: number): number => count / frames;

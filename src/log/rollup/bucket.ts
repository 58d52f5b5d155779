import { BUCKET_FIELDS, rounded } from '../../frame-fields.ts';
import { MOODS } from '../../mood.ts';
import type { EmotionBucket } from '../../types.ts';
import { type Sums, sumOf } from './sums.ts';

/** A bucket as the API returns it, from its sums. `startMs`: its start, ms since 1970. */
export function toBucket(startMs: number, sums: Sums): EmotionBucket {
  const frames = sumOf(sums, 'frames');
  const withMusic = sumOf(sums, 'felt');
  const fields = rounded(BUCKET_FIELDS, {
    time: new Date(startMs).toISOString(),
    frames,
    valence: mean(sumOf(sums, 'valence'), withMusic),
    valenceSd: spread(sumOf(sums, 'valence'), sumOf(sums, 'valence_squares'), withMusic),
    valenceMin: withMusic > 0 ? sumOf(sums, 'valence_min') / 1e6 : null,
    valenceMax: withMusic > 0 ? sumOf(sums, 'valence_max') / 1e6 : null,
    arousal: mean(sumOf(sums, 'arousal'), withMusic),
    arousalSd: spread(sumOf(sums, 'arousal'), sumOf(sums, 'arousal_squares'), withMusic),
    arousalMin: withMusic > 0 ? sumOf(sums, 'arousal_min') / 1e6 : null,
    arousalMax: withMusic > 0 ? sumOf(sums, 'arousal_max') / 1e6 : null,
    loudness: mean(sumOf(sums, 'loudness'), sumOf(sums, 'heard')),
    confidence: mean(sumOf(sums, 'confidence'), frames),
    music: share(sumOf(sums, 'music'), frames),
    speech: share(sumOf(sums, 'speech'), frames),
    silence: share(sumOf(sums, 'silence'), frames),
  });
  const moods = MOODS.flatMap((mood) => {
    const count = sumOf(sums, `mood_${mood}`);
    return count > 0 ? [[mood, share(count, frames)]] : [];
  });
  return { ...fields, moods: Object.fromEntries(moods) };
}

/** From millionths to units; null without values. */
const mean = (sum: number, count: number): number | null => (count === 0 ? null : sum / count / 1e6);

/** Population standard deviation. */
function spread(sum: number, squares: number, count: number): number | null {
  if (count === 0) return null;
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) / 1e6;
}

const share = (count: number, frames: number): number => count / frames;

import { ACTIVITIES, type EmotionBucket, type EmotionFrame } from '../../src/types.ts';

const RESOLUTIONS: Readonly<Record<string, number>> = {
  '10s': 10,
  '1m': 60,
  '10m': 600,
  '1h': 3600,
  '1d': 86_400,
};

/** What `/emotions` answers for a log: the frames of a range, or means of them. */
export function emotionsOf(
  log: readonly EmotionFrame[],
  query: URLSearchParams,
): readonly (EmotionFrame | EmotionBucket)[] {
  const fromMs = Date.parse(query.get('from') ?? '');
  const toMs = Date.parse(query.get('to') ?? '9999-01-01');
  const frames = log.filter(({ time }) => Date.parse(time) >= fromMs && Date.parse(time) < toMs);
  const seconds = RESOLUTIONS[query.get('resolution') ?? 'step'];
  if (seconds === undefined) return frames;
  const groups = new Map<number, EmotionFrame[]>();
  for (const frame of frames) {
    const start = Math.floor(Date.parse(frame.time) / 1000 / seconds) * seconds;
    groups.set(start, [...(groups.get(start) ?? []), frame]);
  }
  return [...groups].map(([start, group]) => bucketOf(start, group));
}

function bucketOf(start: number, frames: readonly EmotionFrame[]): EmotionBucket {
  const known = (axis: 'valence' | 'arousal') => frames.flatMap((frame) => frame[axis] ?? []);
  const mean = (values: readonly number[]) =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  const end = (pick: (...values: number[]) => number, values: readonly number[]) =>
    values.length === 0 ? null : pick(...values);
  const [valence, arousal] = [known('valence'), known('arousal')];
  const moods: Record<string, number> = {};
  for (const { mood } of frames) if (mood !== null) moods[mood] = (moods[mood] ?? 0) + 1 / frames.length;
  const shares = ACTIVITIES.map(
    (activity) => frames.filter((frame) => frame.activity === activity).length / frames.length,
  );
  return {
    time: new Date(start * 1000).toISOString(),
    frames: frames.length,
    valence: mean(valence),
    valenceSd: 0,
    valenceMin: end(Math.min, valence),
    valenceMax: end(Math.max, valence),
    arousal: mean(arousal),
    arousalSd: 0,
    arousalMin: end(Math.min, arousal),
    arousalMax: end(Math.max, arousal),
    loudness: -20,
    confidence: 0.7,
    music: shares[0]!,
    speech: shares[1]!,
    silence: shares[2]!,
    moods,
  };
}

import type { EmotionBucket } from '../../src/types.ts';

/** The mood of most frames of a bucket; null without one. */
export const commonestMood = ({ moods }: EmotionBucket): string | null =>
  Object.entries(moods).sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;

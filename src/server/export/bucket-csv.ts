import { MOODS } from '../../mood.ts';
import type { EmotionBucket } from '../log/history.ts';

const FIELDS = [
  'time',
  'frames',
  'valence',
  'valenceSd',
  'valenceMin',
  'valenceMax',
  'arousal',
  'arousalSd',
  'arousalMin',
  'arousalMax',
  'loudness',
  'confidence',
  'music',
  'speech',
  'silence',
] as const satisfies readonly (keyof EmotionBucket)[];

/** The columns of a bucket in CSV: its fields, then the share of each mood under the mood's word. */
export const bucketCsvHeader = (): string => [...FIELDS, ...MOODS].join(',');

/** A bucket as one line; what is null is empty, and so is a mood that did not occur. */
export const bucketCsvRow = (bucket: EmotionBucket): string =>
  [...FIELDS.map((field) => bucket[field] ?? ''), ...MOODS.map((mood) => bucket.moods[mood] ?? '')].join(',');

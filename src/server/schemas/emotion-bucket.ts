import { z } from 'zod';
import { BUCKET_FIELDS } from '../../frame-fields.ts';
import { MOODS } from '../../mood.ts';
import type { EmotionBucket } from '../../types.ts';
import { emotionFrame, shapeOf } from './emotion-frame.ts';
import { isoTime } from './time.ts';

/** One bucket of a coarser resolution; means are over the frames with music. */
export const emotionBucket = z
  .looseObject({
    ...shapeOf(BUCKET_FIELDS),
    moods: z
      .partialRecord(z.enum(MOODS), z.number())
      .meta({ description: 'Share of the frames of each mood that occurs.' }),
  })
  .meta({
    id: 'EmotionBucket',
    description: 'Means, spread, least and greatest values, shares of activities and moods.',
  });

// The compiler holds the two to each other.
emotionBucket satisfies z.ZodType<EmotionBucket>;

export const emotions = z
  .object({
    stream: z.string(),
    from: isoTime,
    to: isoTime,
    resolution: z.string(),
    frames: z.union([z.array(emotionFrame), z.array(emotionBucket)]),
    truncated: z.boolean().meta({ description: 'There are more than `limit`.' }),
  })
  .meta({ id: 'Emotions' });

import { z } from 'zod';
import type { EmotionFrame, Forecast } from '../../types.ts';
import { isoTime } from './time.ts';

const axis = z.number().min(-1).max(1);

export const forecast = z
  .object({
    horizon: z.number().meta({ description: 'Seconds after `t`.' }),
    valence: axis,
    arousal: axis,
    valenceLow: z.number(),
    valenceHigh: z.number(),
    arousalLow: z.number(),
    arousalHigh: z.number(),
  })
  .readonly()
  .meta({ id: 'Forecast', description: 'Expected at `t + horizon`; Low and High bound a 90 % interval.' });

/** The emotion frame of types.ts, as the API describes it. */
export const emotionFrame = z
  .object({
    type: z.literal('emotion'),
    stream: z.string(),
    seq: z.int().min(0),
    t: z.number().meta({ description: 'Seconds of audio since the stream began.' }),
    time: isoTime,
    valence: axis.nullable(),
    arousal: axis.nullable(),
    valenceSd: z.number().nullable(),
    arousalSd: z.number().nullable(),
    forecast: z.array(forecast).readonly(),
    mood: z.string().nullable(),
    loudness: z.number().nullable().meta({ description: 'Momentary LUFS; null for digital silence.' }),
    activity: z.enum(['music', 'speech', 'silence']),
    confidence: z.number().min(0).max(1),
    latencyMs: z.number(),
  })
  .readonly()
  .meta({
    id: 'EmotionFrame',
    description: 'One step. Where `activity` is not `music`, valence and arousal are null.',
  });

// The compiler holds the two to each other.
forecast satisfies z.ZodType<Forecast>;
emotionFrame satisfies z.ZodType<EmotionFrame>;

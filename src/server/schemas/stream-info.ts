import { z } from 'zod';
import type { StreamInfo } from '../../types.ts';
import { emotionFrame } from './emotion-frame.ts';
import { isoTime } from './time.ts';

export const streamInfo = z
  .object({
    stream: z.string(),
    source: z.string(),
    state: z.enum(['running', 'lost', 'stopped']),
    run: z.int().meta({ description: 'A stream that starts again begins a new run, with `seq` 0.' }),
    startedAt: isoTime,
    message: z.string().nullable(),
    last: emotionFrame.nullable(),
    alerts: z
      .array(z.object({ alert: z.string(), t: z.number(), time: isoTime, message: z.string() }))
      .readonly()
      .optional()
      .meta({ description: 'Alerts that are raised now.' }),
  })
  .meta({ id: 'Stream' });

streamInfo satisfies z.ZodType<StreamInfo>;

export const streamList = z.object({ streams: z.array(streamInfo) }).meta({ id: 'Streams' });

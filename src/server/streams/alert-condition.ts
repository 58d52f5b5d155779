import { z } from 'zod';
import type { AlertCondition } from '../../types.ts';

const level = z.number().optional();

/** What raised an alert, in responses. */
export const alertCondition = z.discriminatedUnion('when', [
  z.object({
    ...{ when: z.enum(['valence', 'arousal']), over: level, under: level },
    for: z.string().meta({ example: '30s' }),
  }),
  z.object({ when: z.enum(['silence', 'speech']), for: z.string() }),
  z.object({ when: z.literal('source-lost') }),
  z.object({
    ...{ when: z.literal('change'), axis: z.enum(['valence', 'arousal', 'both']) },
    ...{ over: z.number(), within: z.string() },
  }),
]) satisfies z.ZodType<AlertCondition>;

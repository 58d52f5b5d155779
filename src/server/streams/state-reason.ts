import { z } from 'zod';

/** What a sentence about an error states, for programs and other languages. */
export const faultCode = z.object({
  code: z.string().optional().meta({ description: 'Code of the error that the sentence states.' }),
  values: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .meta({ description: 'What the sentence has besides words, such as `status` or `seconds`.' }),
});

/** Why a stream is not running. */
export const stateReason = z.object({
  because: z
    .enum(['ended', 'failed', 'stopped', 'removed', 'renamed', 'changed', 'shutdown'])
    .optional()
    .meta({ description: 'Why it stopped; absent if it has not.' }),
  ...faultCode.shape,
});

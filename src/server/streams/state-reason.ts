import { z } from 'zod';

/** Why a stream is not running, for programs and other languages than that of `message`. */
export const stateReason = z.object({
  because: z
    .enum(['ended', 'failed', 'stopped', 'removed', 'renamed', 'changed', 'shutdown'])
    .optional()
    .meta({ description: 'Why it stopped; absent if it has not.' }),
});

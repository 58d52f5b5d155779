import { z } from 'zod';
import type { NextReason } from '../../library/answers.ts';

const onAxis = z.number().min(-1).max(1);
const differences = z
  .array(z.enum(['livelier', 'calmer', 'brighter', 'darker']))
  .readonly()
  .meta({ description: 'How the track differs from where the music is heading, or from the wish.' });

/** Why a track may come next, as a code and values. */
export const nextReason = z
  .discriminatedUnion('code', [
    z.object({ code: z.enum(['opens-at-forecast', 'opening-uncertain', 'same-artist']) }),
    z.object({ code: z.enum(['opens-near-forecast', 'opens-off-forecast']), differences }),
    z.object({ code: z.literal('within-tolerance'), tolerance: z.number() }),
    z.object({
      code: z.enum(['ends-as-wished', 'ends-near-wish', 'ends-off-wish']),
      ...{ valence: onAxis, arousal: onAxis, differences },
    }),
    z.object({
      code: z.literal('tempo'),
      ...{ bpm: z.number(), estimated: z.boolean() },
      percent: z.number().meta({ description: 'Change of the tempo; negative: slower.' }),
      multiple: z.number().meta({ description: '2 and 0.5: at double and half time.' }),
    }),
    z.object({
      code: z.literal('key'),
      from: z.string().meta({ description: 'Key that plays, on the Camelot wheel.' }),
      ...{ to: z.string(), estimated: z.boolean() },
      steps: z.int().meta({ description: 'On the wheel.' }),
    }),
  ])
  .meta({ id: 'NextReason' }) satisfies z.ZodType<NextReason>;

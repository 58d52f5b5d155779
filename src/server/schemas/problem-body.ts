import { z } from 'zod';

/** RFC 9457 problem details, with our stable `code`. */
export const problemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable, for programs.' }),
    detail: z.string().meta({ description: 'One sentence, for people.' }),
    errors: z
      .array(z.object({ path: z.string(), expected: z.string(), got: z.string().nullable() }))
      .optional()
      .meta({ description: 'Where the request is wrong: each value, what was expected and what came.' }),
  })
  .meta({ id: 'Problem' });

export type ProblemBody = z.infer<typeof problemBody>;

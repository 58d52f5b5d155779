import { z } from 'zod';

/** Apart from problem.ts, because the client and the dashboard use its types without those of Node.js. */

/** RFC 9457 problem details, as the API describes them. */
export const problemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().meta({ description: 'Stable code, for programs.' }),
    detail: z.string().meta({ description: 'One sentence, for people.' }),
    errors: z
      .array(z.object({ path: z.string(), expected: z.string(), got: z.string().nullable() }))
      .optional()
      .meta({
        description: 'Each wrong value of the request: its path, what was expected and what was received.',
      }),
  })
  .meta({ id: 'Problem' });

export type ProblemBody = z.infer<typeof problemBody>;

/** One wrong value of a request. */
export interface FieldError {
  /** `title`, `tags.3`; empty for the whole request. */
  readonly path: string;
  readonly expected: string;
  /** The value as JSON, at most 120 characters; null if it is missing. */
  readonly got: string | null;
}

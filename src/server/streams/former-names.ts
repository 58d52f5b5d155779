import { z } from 'zod';
import { isoTime } from '../../util/schemas.ts';

/** `FormerName` of types.ts. */
export const formerNames = z
  .array(z.object({ stream: z.string(), since: isoTime.nullable(), until: isoTime }))
  .readonly()
  .meta({
    description:
      'The names that it had before it was renamed, newest first. The log has its frames of that time under them.',
  });

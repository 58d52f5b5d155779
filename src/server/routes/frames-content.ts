import { z } from 'zod';
import { emotions } from '../schemas/emotion-bucket.ts';

/** What a stretch of the log may come as. */
export const framesContent = {
  'application/json': { schema: emotions },
  'text/csv': { schema: z.string() },
  'application/x-ndjson': { schema: z.string().meta({ description: 'A frame or bucket a line.' }) },
  'application/vnd.apache.parquet': { schema: z.string().meta({ format: 'binary' }) },
};

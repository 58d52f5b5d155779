import { z } from 'zod';
import { STREAM_NAME } from '../../stream/sources/stream-name.ts';

export const streamName = z
  .string()
  .regex(STREAM_NAME, 'expected 1 to 64 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit')
  .meta({ description: 'Name of a stream.', example: 'booth' });

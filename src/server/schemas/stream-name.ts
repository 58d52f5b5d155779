import { z } from 'zod';
import { STREAM_NAME } from '../../types.ts';

/** A name of a stream, an alert or a webhook. */
export const anyName = (expected = 'expected a name') =>
  z
    .string(expected)
    .regex(STREAM_NAME, 'expected 1 to 64 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit');

export const streamName = anyName().meta({ description: 'Name of a stream.', example: 'booth' });

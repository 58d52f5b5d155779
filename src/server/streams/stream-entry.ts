import { z } from 'zod';
import { alertRules } from '../../sinks/alerts/rule.ts';
import { REOPENABLE_USAGE } from '../../stream/sources/index.ts';
import { duration, streamName } from '../../util/schemas.ts';

const MINUTE_MS = 60_000;
const CENTURY_MS = 3_155_760_000_000;

export const keepSpan = duration(MINUTE_MS, CENTURY_MS, '90d').meta({
  description: 'How long the log keeps frames; older ones are deleted. Absent: for ever.',
});

/** A stream that the server is to keep going, as the configuration or a client of the API names it. */
export const streamEntry = z
  .strictObject({
    name: streamName,
    source: z
      .string('expected a source such as "soundcard:"')
      .min(1, 'expected a source such as "soundcard:"')
      .max(2_000, 'expected at most 2000 characters')
      .meta({ description: REOPENABLE_USAGE, example: 'demo:' }),
    model: z
      .string('expected the name of a model')
      .min(1, 'expected the name of a model')
      .max(200, 'expected the name of a model')
      .optional()
      .meta({ description: "A model under models/; else the server's own." }),
    keep: keepSpan.optional(),
    alerts: alertRules.optional().meta({ description: 'In the place of the rules for all streams.' }),
  })
  .meta({ id: 'StreamEntry' });

export type StreamEntry = z.infer<typeof streamEntry>;

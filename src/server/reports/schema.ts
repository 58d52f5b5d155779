import { z } from 'zod';
import { reportLanguage } from '../../sessions/report/languages/report-language.ts';
import { anyName, streamName } from '../../util/schemas.ts';

/** A report that is made each day. */
export const dailyReport = z
  .strictObject({
    stream: streamName.meta({ description: 'The stream that is reported on.' }),
    at: z
      .string('expected a time such as "06:00"')
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as "06:00"')
      .meta({
        description: "When the report of the day before is made, by the server's own clock and time zone.",
      }),
    folder: z
      .string('expected a folder')
      .min(1, 'expected a folder')
      .optional()
      .meta({ description: 'Folder that gets STREAM-2026-11-20.html.' }),
    language: reportLanguage
      .optional()
      .meta({ description: 'Language of the report: `en` (default), `de`, `fr` or `es`.' }),
    webhook: anyName().optional().meta({ description: 'Name of one of `webhooks`, which gets the report.' }),
  })
  .refine(
    ({ folder, webhook }) => folder !== undefined || webhook !== undefined,
    'expected a folder, a webhook, or both',
  );

export type DailyReport = z.output<typeof dailyReport>;

import { z } from 'zod';

/** `/v1/sessions/:id/report?…`. */
export const reportQuery = z.object({
  format: z
    .enum(['html', 'pdf', 'text'], 'expected html, pdf or text')
    .default('html')
    .meta({ description: '`pdf` needs a Chromium or Chrome on the server’s computer.' }),
  zone: z
    .string()
    .refine(isZone, 'expected a time zone such as Europe/Oslo')
    .optional()
    .meta({ description: 'Time zone of its clock times; the server’s own where not given.' }),
});

export type ReportQuery = z.input<typeof reportQuery>;
export type ReportFormat = z.output<typeof reportQuery>['format'];

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

import { client, withToken } from './client.ts';
import { language } from './i18n.ts';
import type { Language } from './language.ts';

/** Reports have the clock times of this browser's time zone, and the language of the page. */
const query = () => ({
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  language: language() as Language,
});

/** Address of the report of a session, as a page. */
export const sessionReportHref = (id: string): string => withToken(client.sessions.reportUrl(id, query()));

/** Copies the report of a session as text. */
export async function copySessionReport(id: string): Promise<void> {
  const text = await client.sessions.report(id, { format: 'text', ...query() });
  await navigator.clipboard.writeText(await text.text());
}

/** The report of a session for paper. */
export const sessionReportPdf = (id: string): Promise<Blob> =>
  client.sessions.report(id, { format: 'pdf', ...query() });

import { client, withToken } from './client.ts';

/** Reports have the clock times of this browser's time zone. */
export const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Address of the report of a session, as a page. */
export const sessionReportHref = (id: string): string =>
  withToken(client.sessions.reportUrl(id, { zone: ZONE }));

/** Copies the report of a session as text. */
export async function copySessionReport(id: string): Promise<void> {
  const text = await client.sessions.report(id, { format: 'text', zone: ZONE });
  await navigator.clipboard.writeText(await text.text());
}

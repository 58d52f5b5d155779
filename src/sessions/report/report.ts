import type { Context } from 'hono';
import type Database from 'libsql';
import type { TimeRange } from '../../log/history.ts';
import type { Log } from '../../log/log.ts';
import { Problem } from '../../server/http/problem.ts';
import { UserError } from '../../user-error.ts';
import type { ReportFormat } from '../schema.ts';
import type { Sessions } from '../sessions.ts';
import { Clock } from './format.ts';
import { REPORT_CSP, reportPage } from './page.ts';
import { printPdf } from './print-pdf.ts';
import { reportData } from './report-data.ts';
import { reportText } from './text.ts';

export interface ReportOptions {
  readonly sessions: Sessions;
  readonly log: Log;
}

/** `GET /v1/sessions/:id/report`. */
export function createReport({ sessions, log }: ReportOptions) {
  let printing = false;

  return async function report(
    c: Context,
    code: string,
    { format, zone }: { format: ReportFormat; zone?: string | undefined },
  ): Promise<Response> {
    const session = sessions.get(code);
    log.flush();
    const data = await reportData({
      session,
      markers: sessions.markers(code),
      history: log.history,
      models: modelsOf(log.db, session.stream, sessions.span(code).range),
      nowMs: Date.now(),
    });
    const clock = new Clock(zone);
    const page = format === 'text' ? '' : reportPage(data, clock);
    // First, so that no header of a report stands on a fault.
    const pdf = format === 'pdf' ? await print(page) : null;
    c.header('Cache-Control', 'no-store');
    if (format === 'text') return c.text(`${reportText(data, clock)}\n`);
    c.header('Content-Security-Policy', REPORT_CSP);
    if (pdf === null) return c.html(page);
    c.header('Content-Type', 'application/pdf');
    c.header('Content-Disposition', `inline; filename="${code}.pdf"`);
    return c.body(pdf as Uint8Array<ArrayBuffer>);
  };

  /** One browser at a time: each takes some hundred megabytes. */
  async function print(page: string): Promise<Uint8Array> {
    if (printing) {
      const message = 'Another report is being printed: try again in a moment.';
      throw new Problem(503, 'busy', message, { 'Retry-After': '3' });
    }
    printing = true;
    try {
      return await printPdf(page);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new Problem(error.code === 'no-browser' ? 501 : 500, error.code, error.message);
    } finally {
      printing = false;
    }
  }
}

/** Names of the models of a stream's runs within a span; a run goes on until the next begins. */
export function modelsOf(db: Database.Database, stream: string, { fromMs, toMs }: TimeRange): string[] {
  const rows = db
    .prepare(
      `SELECT model, started_ms AS startedMs FROM runs JOIN streams ON streams.id = runs.stream
       WHERE name = ? AND started_ms < ? ORDER BY runs.id`,
    )
    .all(stream, toMs) as { model: string; startedMs: number }[];
  const during = rows.filter((_, i) => (rows[i + 1]?.startedMs ?? Number.POSITIVE_INFINITY) > fromMs);
  // A run that was erased says nothing.
  return [...new Set(during.map(({ model }) => model).filter((model) => model !== ''))];
}

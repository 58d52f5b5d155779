import type { Log } from '../../log/log.ts';
import type { TimeRange } from '../../log/time-range.ts';
import { UserError } from '../../user-error.ts';
import type { ReportFormat } from '../schema.ts';
import type { Sessions } from '../sessions.ts';
import { Clock } from './clock.ts';
import { REPORT_CSP } from './document.ts';
import { languageOf, type ReportLanguageName } from './languages/report-language.ts';
import { reportPage } from './page.ts';
import { playedTracks } from './played-tracks.ts';
import { printPdf } from './print-pdf.ts';
import { reportData } from './report-data.ts';
import { reportText } from './text.ts';

interface ReportOptions {
  readonly sessions: Sessions;
  readonly log: Log;
  /** Lines at the top of every page. */
  readonly letterhead?: readonly string[];
}

export interface ReportRequest {
  readonly format: ReportFormat;
  /** Time zone of the clock times; the system's own by default. */
  readonly zone?: string | undefined;
  readonly language?: ReportLanguageName | undefined;
}

/** A finished report: a body and the HTTP headers that go with it. */
export interface Report {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Returns the function that makes the reports of sessions.
 *
 * @throws UserError from that function: `unknown-session`; for a PDF also `busy`, `no-browser`, `pdf-failed`
 */
export function createReports({ sessions, log, letterhead }: ReportOptions) {
  let printing = false;

  return async function report(
    code: string,
    { format, zone, language = 'en' }: ReportRequest,
  ): Promise<Report> {
    const session = sessions.get(code);
    const { parts, line } = sessions.span(code);
    log.flush();
    const data = await reportData({
      session,
      markers: sessions.markers(code),
      addenda: sessions.records.addenda(code),
      history: log.history,
      parts,
      models: modelsOf(log, session.stream, line),
      tracks: playedTracks(log, session.stream, parts),
      nowMs: Date.now(),
    });
    const clock = new Clock(zone, data.span, languageOf(language));
    if (format === 'text')
      return {
        body: `${reportText(data, clock)}\n`,
        headers: { 'Content-Type': 'text/plain; charset=UTF-8' },
      };
    const page = reportPage(data, clock, letterhead);
    const csp = { 'Content-Security-Policy': REPORT_CSP };
    if (format === 'html')
      return { body: page, headers: { ...csp, 'Content-Type': 'text/html; charset=UTF-8' } };
    return {
      body: await print(page),
      headers: {
        ...csp,
        'Content-Type': 'application/pdf',
        'Content-Disposition': `inline; filename="${code}.pdf"`,
      },
    };
  };

  /** One browser at a time: each takes some hundred megabytes of memory. */
  async function print(page: string): Promise<Uint8Array<ArrayBuffer>> {
    if (printing) throw new UserError('busy', 'Another report is being printed: try again in a few seconds.');
    printing = true;
    try {
      return (await printPdf(page)) as Uint8Array<ArrayBuffer>;
    } finally {
      printing = false;
    }
  }
}

/** Names of the models that a stream ran within a part of the line of time; a run lasts until the next one begins. */
function modelsOf({ db, clock }: Log, stream: string, { fromMs, toMs }: TimeRange): string[] {
  const runs = db
    .prepare(
      `SELECT runs.id AS run, model, started_ms AS startedMs FROM runs JOIN streams ON streams.id = runs.stream
       WHERE name = ? ORDER BY runs.id`,
    )
    .all(stream) as { run: number; model: string; startedMs: number }[];
  const begins = runs.map(({ run, startedMs: ms }) => clock.lineMs({ ms, clock: clock.atStart(run) }));
  const during = runs.filter(
    (_, i) => begins[i]! < toMs && (begins[i + 1] ?? Number.POSITIVE_INFINITY) > fromMs,
  );
  // Erased runs have an empty model name.
  return [...new Set(during.map(({ model }) => model).filter((model) => model !== ''))];
}

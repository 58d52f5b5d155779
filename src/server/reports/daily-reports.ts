import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Log } from '../../log/log.ts';
import type { Webhooks } from '../../sinks/webhooks.ts';
import { createBackoff, wait } from '../../util/retry.ts';
import { writeAtomicSync } from '../../util/write-atomic.ts';
import { type Day, dayBefore, minuteOfDay, today } from './day.ts';
import { type MadeReport, makeReport } from './make-report.ts';
import type { DailyReport } from './schema.ts';

export interface DailyReportsOptions {
  readonly log: Log;
  readonly logger: Logger;
  readonly webhooks: Pick<Webhooks, 'all'>;
  readonly now?: () => number;
  /** First pause after a report that could not be made or written. */
  readonly retryMs?: number;
}

/** The clock may be set, and the computer may sleep: the time is looked at, not waited for. */
const CHECK_MS = 20_000;
const TRIES = 5;
const RETRY_MS = 60_000;
const MAX_RETRY_MS = 900_000;

interface Entry {
  readonly report: DailyReport;
  /** The day on which it was made last, or need not be made any more. */
  doneOn: string | undefined;
}

/**
 * Makes the report of yesterday for each entry of the configuration, once a day after its time. A report that was missed
 * because the server did not run is made at the start, if its folder shows that it is missing.
 */
export function createDailyReports({
  log,
  logger,
  webhooks,
  now = Date.now,
  retryMs = RETRY_MS,
}: DailyReportsOptions) {
  const stop = new AbortController();
  let entries: Entry[] = [];
  /** One report at a time. */
  let working: Promise<void> = Promise.resolve();
  const timer = setInterval(check, CHECK_MS);
  timer.unref();

  function check(): void {
    const nowMs = now();
    const date = today(nowMs);
    for (const entry of entries) {
      if (entry.doneOn === date || minuteOfDay(nowMs) < minutesOf(entry.report.at)) continue;
      entry.doneOn = date;
      const day = dayBefore(nowMs);
      working = working.then(() => make(entry.report, day));
    }
  }

  async function make(report: DailyReport, day: Day): Promise<void> {
    const { stream, language } = report;
    const backoff = createBackoff({ retryMs, maxRetryMs: MAX_RETRY_MS });
    for (let attempt = 1; !stop.signal.aborted; attempt++) {
      try {
        const made = await makeReport({ log, stream, day, nowMs: now(), language });
        if (stop.signal.aborted) return;
        if (made) deliver(report, day, made);
        else logger.info({ stream, day: day.name }, 'No daily report: nothing was received on that day.');
        return;
      } catch (err) {
        if (attempt >= TRIES) {
          const message = `The daily report was given up after ${TRIES} attempts.`;
          logger.error({ stream, day: day.name, err }, message);
          return;
        }
        logger.warn({ stream, day: day.name, err }, 'The daily report failed; it is tried again.');
        await wait(backoff.nextMs(), stop.signal);
      }
    }
  }

  function deliver({ stream, folder, webhook }: DailyReport, day: Day, { html, ...means }: MadeReport): void {
    if (folder !== undefined) {
      mkdirSync(folder, { recursive: true });
      writeAtomicSync(fileOf(folder, stream, day), html);
    }
    if (webhook !== undefined) {
      const hook = webhooks.all.find(({ settings }) => settings.name === webhook);
      if (!hook) logger.error({ stream, webhook }, 'The daily report names a webhook that does not exist.');
      const data = { stream, day: day.name, ...means, html };
      hook?.send({
        id: `msg_report-${stream}-${day.name}`,
        body: JSON.stringify({ type: 'report.daily', timestamp: new Date(now()).toISOString(), data }),
        summary: `${stream}: daily report of ${day.name}`,
      });
    }
    logger.info({ stream, day: day.name, folder, webhook }, 'The daily report was made.');
  }

  return {
    check,
    /** Applies a configuration. An entry that stays keeps its day, so that its report is not made twice. */
    set(reports: readonly DailyReport[]): void {
      const before = new Map(entries.map((entry) => [JSON.stringify(entry.report), entry]));
      const nowMs = now();
      entries = reports.map((report) => {
        const { at, folder, stream } = report;
        const known = before.get(JSON.stringify(report));
        if (known) return known;
        const isMissing = folder !== undefined && !existsSync(fileOf(folder, stream, dayBefore(nowMs)));
        const isPast = minuteOfDay(nowMs) >= minutesOf(at);
        return { report, doneOn: isPast && !isMissing ? today(nowMs) : undefined };
      });
      check();
    },
    /** Resolves when what was begun has ended. */
    async close(): Promise<void> {
      clearInterval(timer);
      stop.abort();
      await working;
    },
    /** Resolves when the reports that are due are made, for tests. */
    idle: () => working,
  };
}

const fileOf = (folder: string, stream: string, { name }: Day): string =>
  join(folder, `${stream}-${name}.html`);

function minutesOf(at: string): number {
  const [hours, minutes] = at.split(':').map(Number);
  return hours! * 60 + minutes!;
}

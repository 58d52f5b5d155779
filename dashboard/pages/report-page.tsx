import { strongestTurns } from '../../src/types.ts';
import './stations-page.css';
import '../panels/stations/station-tables.css';
import { PastAlerts } from '../panels/stations/past-alerts.tsx';
import { PeriodChart } from '../panels/stations/period-chart.tsx';
import { Summary } from '../panels/stations/summary.tsx';
import { Tracks } from '../panels/stations/tracks.tsx';
import { Turns } from '../panels/stations/turns.tsx';
import { useLoad } from '../panels/use-load.ts';
import { fullDate } from '../state/dates.ts';
import { t } from '../state/i18n.ts';
import { exportHref, loadAlerts, loadBuckets, loadTracks } from '../state/load-station.ts';
import { DAY_MS, meanOf, PERIODS } from '../state/station.ts';
import { possibleGaps, serverNowMs } from '../state/streams.ts';
import { stationHref } from '../state/view.ts';

const DAY = PERIODS[0]!;
const TURNS = 5;

export interface ReportPageProps {
  readonly stream: string;
  /** `2026-11-20`; null: yesterday. */
  readonly day: string | null;
}

/** One day of a stream, for paper. */
export function ReportPage({ stream, day }: ReportPageProps) {
  possibleGaps.value; // The server's clock is known from its hello on.
  const { fromMs, toMs } = spanOf(day);
  const loaded = useLoad(
    async (signal) => ({
      now: await loadBuckets(stream, DAY, fromMs, toMs, signal),
      before: await loadBuckets(stream, DAY, fromMs - 7 * DAY_MS, toMs - 7 * DAY_MS, signal),
      tracks: await loadTracks(stream, fromMs, toMs),
      alerts: await loadAlerts(stream, fromMs, toMs),
    }),
    [stream, fromMs],
  );
  const shown = loaded.value.value;
  return (
    <main id="content" class="report-page" tabIndex={-1}>
      <div class="report-actions">
        <a class="button" href={stationHref(stream)}>
          ← {t('nav.stations')}
        </a>
        <button type="button" class="button button-primary" onClick={() => print()}>
          {t('report.print')}
        </button>
        <a class="button" href={exportHref(stream, 'csv', fromMs, toMs)} download>
          CSV
        </a>
      </div>
      <h2>
        {stream}, {fullDate(fromMs)}
      </h2>
      <p role="alert" class="station-error">
        {loaded.error.value}
      </p>
      {shown !== null && (
        <>
          <section class="station-panel" aria-label={t('stations.day')}>
            <Summary
              mean={meanOf(shown.now)}
              before={meanOf(shown.before)}
              beforeText="stations.weekEarlier"
            />
            <PeriodChart period={DAY} fromMs={fromMs} toMs={toMs} buckets={shown.now} />
          </section>
          <Turns stream={stream} stepMs={DAY.stepMs} turns={strongestTurns(shown.now, DAY.stepMs, TURNS)} />
          <Tracks stream={stream} tracks={shown.tracks} />
          <PastAlerts stream={stream} alerts={shown.alerts} none={t('report.noAlerts')} oneDay />
          <p class="station-hint">{t('report.caveat')}</p>
        </>
      )}
    </main>
  );
}

/** A day in this time zone, which may have 23 or 25 hours. */
function spanOf(day: string | null): { readonly fromMs: number; readonly toMs: number } {
  const from =
    day === null || Number.isNaN(Date.parse(`${day}T00:00`))
      ? new Date(serverNowMs())
      : new Date(`${day}T00:00`);
  if (day === null) from.setDate(from.getDate() - 1);
  from.setHours(0, 0, 0, 0);
  const to = new Date(from);
  to.setDate(to.getDate() + 1);
  return { fromMs: from.getTime(), toMs: to.getTime() };
}

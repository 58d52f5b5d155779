import { strongestTurns } from '../../src/types.ts';
import './stations-page.css';
import '../panels/stations/station-tables.css';
import { useSignal, useSignalEffect } from '@preact/signals';
import { HeatMap } from '../panels/stations/heat-map.tsx';
import { PastAlerts } from '../panels/stations/past-alerts.tsx';
import { PeriodChart } from '../panels/stations/period-chart.tsx';
import { ProfileChart } from '../panels/stations/profile-chart.tsx';
import { Summary } from '../panels/stations/summary.tsx';
import { Tracks } from '../panels/stations/tracks.tsx';
import { Turns } from '../panels/stations/turns.tsx';
import { useLoad } from '../panels/use-load.ts';
import { dateTime, shortDate } from '../state/dates.ts';
import { t } from '../state/i18n.ts';
import { connection } from '../state/live-connection.ts';
import { exportHref, loadAlerts, loadBuckets, loadTracks } from '../state/load-station.ts';
import { byHour, byWeekdayAndHour, DAY_MS, HOUR_MS, meanOf, PERIODS } from '../state/station.ts';
import { nameNow, possibleGaps, serverNowMs, streamNames } from '../state/streams.ts';
import { reportHref, type StationSpan, stationHref } from '../state/view.ts';

const WEEK_MS = 7 * DAY_MS;
/** The heat map's past. */
const HEAT_WEEKS = 4;
const TURNS = 8;
/** How often the page looks at the clock: it stays open for days. */
const CLOCK_MS = 60_000;

export interface StationsPageProps extends StationSpan {
  /** null: the first. */
  readonly stream: string | null;
}

/** For those who run stations: what the log says about a day, a week or a year. */
export function StationsPage({ stream: named, ...span }: StationsPageProps) {
  const names = streamNames.value;
  const stream = named ?? names[0] ?? null;
  return (
    <main id="content" class="stations-page" tabIndex={-1}>
      <div class="stations-head">
        <h2>{t('nav.stations')}</h2>
        <select
          class="text-input"
          aria-label={t('stations.stream')}
          value={stream ?? ''}
          onChange={(event) => {
            location.hash = stationHref(event.currentTarget.value, span);
          }}
        >
          {stream !== null && !names.includes(stream) && <option value={stream}>{stream}</option>}
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {stream === null ? (
        <p class="station-hint">{t('setup.noStreams')}</p>
      ) : (
        <>
          <GoneNote stream={stream} />
          <Station key={stream} stream={stream} {...span} />
        </>
      )}
    </main>
  );
}

/** That a stream goes on under another name, or not at all: the page shows what the log has. */
function GoneNote({ stream }: { readonly stream: string }) {
  if (connection.value.state !== 'open' || streamNames.value.includes(stream)) return null;
  const name = nameNow(stream);
  if (name === null) return <p class="station-hint">{t('stations.removed')}</p>;
  if (name === stream) return <p class="station-hint">{t('stations.notThere')}</p>;
  return (
    <p class="station-hint">
      <a href={stationHref(name)}>{t('removed.renamed', { stream, name })}</a>
    </p>
  );
}

function Station({ stream, period: name, untilMs: named }: StationSpan & { readonly stream: string }) {
  const period = PERIODS.find((one) => one.name === name)!;
  const now = useSignal(serverNowMs());
  const nowMs = now.value;
  useSignalEffect(() => {
    possibleGaps.value; // The server's clock is known from its hello on.
    const look = () => {
      now.value = serverNowMs();
    };
    look();
    const timer = setInterval(look, CLOCK_MS);
    return () => clearInterval(timer);
  });
  const { ms, stepMs } = period;
  // Up to the end of the present step, so that steps begin where buckets do.
  const endOf = (time: number) => Math.ceil(time / stepMs) * stepMs;
  const untilMs = named !== null && named < nowMs ? named : null;
  const toMs = endOf(untilMs ?? nowMs);
  const show = (end: number) => {
    location.hash = stationHref(stream, { period: name, untilMs: end < endOf(nowMs) ? end : null });
  };
  const fromMs = toMs - ms;
  const loaded = useLoad(
    async (signal) => ({
      now: await loadBuckets(stream, period, fromMs, toMs, signal),
      before: await loadBuckets(stream, period, fromMs - ms, fromMs, signal),
      alerts: await loadAlerts(stream, fromMs, toMs),
      ...{ period, fromMs, toMs },
    }),
    [fromMs, toMs],
  );
  const usual = useLoad(
    (signal) => loadBuckets(stream, { resolution: '1h' }, nowMs - HEAT_WEEKS * WEEK_MS, nowMs, signal),
    [Math.floor(nowMs / HOUR_MS)],
  );
  const tracks = useLoad(() => loadTracks(stream, Math.max(fromMs, toMs - DAY_MS), toMs), [fromMs, toMs]);
  const shown = loaded.value.value;
  const hours = usual.value.value;
  const since = (from: number, to: number) =>
    (hours ?? []).filter(({ time }) => Date.parse(time) >= from && Date.parse(time) < to);
  return (
    <>
      <div class="stations-controls">
        <fieldset class="window-choice">
          <legend class="visually-hidden">{t('stations.period')}</legend>
          {PERIODS.map((one) => (
            <label key={one.name}>
              <input
                type="radio"
                name="period"
                class="visually-hidden"
                checked={one.name === name}
                onChange={() => {
                  location.hash = stationHref(stream, { period: one.name, untilMs: null });
                }}
              />
              <span>{t(`stations.${one.name}`)}</span>
            </label>
          ))}
        </fieldset>
        <div class="stations-move">
          <button type="button" class="button" onClick={() => show(toMs - ms)}>
            ← {t('stations.earlier')}
          </button>
          <button type="button" class="button" disabled={untilMs === null} onClick={() => show(toMs + ms)}>
            {t('stations.later')} →
          </button>
        </div>
        <p class="stations-range">
          {name === 'day' ? dateTime(fromMs) : shortDate(fromMs)} –{' '}
          {name === 'day' ? dateTime(toMs) : shortDate(toMs)}
        </p>
        <div class="stations-exports">
          <a class="button" href={exportHref(stream, 'csv', fromMs, toMs)} download>
            CSV
          </a>
          <a class="button" href={exportHref(stream, 'parquet', fromMs, toMs)} download>
            Parquet
          </a>
          <a class="button" href={reportHref(stream, dayOf(toMs - 1 - (untilMs === null ? DAY_MS : 0)))}>
            {t('stations.dailyReport')}
          </a>
        </div>
      </div>
      <p role="alert" class="station-error">
        {loaded.error.value ?? usual.error.value}
      </p>
      <section
        class="station-panel station-main"
        aria-label={t(`stations.${name}`)}
        aria-busy={shown === null}
      >
        {shown !== null && (
          <>
            <Summary mean={meanOf(shown.now)} before={meanOf(shown.before)} beforeText="stations.before" />
            <PeriodChart period={shown.period} fromMs={shown.fromMs} toMs={shown.toMs} buckets={shown.now} />
          </>
        )}
      </section>
      {/* All at once, so that none moves another. */}
      {shown !== null && tracks.value.value !== null && (hours !== null || usual.error.value !== null) && (
        <div class="stations-below">
          {hours !== null && (
            <>
              <HeatMap cells={byWeekdayAndHour(hours)} />
              <ProfileChart
                stream={stream}
                now={byHour(since(nowMs - WEEK_MS, nowMs))}
                before={byHour(since(nowMs - 2 * WEEK_MS, nowMs - WEEK_MS))}
              />
            </>
          )}
          <Turns
            stream={stream}
            stepMs={shown.period.stepMs}
            turns={strongestTurns(shown.now, shown.period.stepMs, TURNS)}
          />
          <PastAlerts stream={stream} alerts={shown.alerts} none={t('stations.noAlerts')} />
          <Tracks stream={stream} tracks={tracks.value.value} />
        </div>
      )}
    </>
  );
}

/** The day of a moment in this time zone: `2026-11-20`. */
function dayOf(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

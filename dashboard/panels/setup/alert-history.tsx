import { client } from '../../state/client.ts';
import { dateTime, dateTimeRange } from '../../state/dates.ts';
import { t } from '../../state/i18n.ts';
import { clockKnown } from '../../state/live-connection.ts';
import { type PastAlert, pastAlerts } from '../../state/past-alert.ts';
import { DAY_MS } from '../../state/station.ts';
import { alerts as active, serverNowMs } from '../../state/streams.ts';
import { AlertTable } from '../alert-table.tsx';
import { type Preloaded, useLoad } from '../use-load.ts';

const WEEK_MS = 7 * DAY_MS;
/** Alerts that are raised and that end. */
const MAX_EVENTS = 400;

export interface AlertWeek {
  /** Oldest first. */
  readonly alerts: readonly PastAlert[];
  /** Whether there are older ones in the week. */
  readonly isCut: boolean;
}

/** The alerts that a stream raised in the last week, or the newest of them. */
export async function loadAlertWeek(stream: string): Promise<AlertWeek> {
  await clockKnown();
  const from = new Date(serverNowMs() - WEEK_MS).toISOString();
  const events = await client.streams.events(stream, { type: 'alert', from, limit: MAX_EVENTS + 1 });
  return { alerts: pastAlerts(events.slice(-MAX_EVENTS)), isCut: events.length > MAX_EVENTS };
}

export interface AlertHistoryProps {
  readonly stream: string;
  readonly first: Preloaded<AlertWeek>;
}

/** The alerts of a stream in the last week, newest first. */
export function AlertHistory({ stream, first }: AlertHistoryProps) {
  const raised = active.value.filter((alert) => alert.stream === stream);
  const keyOf = ({ alert, time }: { readonly alert: string; readonly time: string }) => `${alert} ${time}`;
  const isActive = new Set(raised.map(keyOf));
  const loaded = useLoad(() => loadAlertWeek(stream), [[...isActive].join('\n')], first);
  const week = loaded.value.value;
  if (week === null) return null;
  const count = week.alerts.length;
  if (count === 0) return <p class="setup-history setup-empty">{t('alerts.noneLately')}</p>;
  return (
    <details class="setup-history">
      <summary>{t(week.isCut ? 'alerts.historyCut' : 'alerts.history', { count })}</summary>
      {/* It scrolls, so the keyboard has to reach it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <section aria-label={t('stations.alertTable')} tabIndex={0}>
        <AlertTable
          alerts={week.alerts}
          when={({ raised, endedAt }) => {
            if (endedAt !== null) return dateTimeRange(raised.time, endedAt);
            const time = dateTime(raised.time);
            return isActive.has(keyOf(raised)) ? t('alerts.sinceDate', { time }) : time;
          }}
        />
      </section>
      {week.isCut && <p class="setup-hint">{t('alerts.olderHidden')}</p>}
    </details>
  );
}

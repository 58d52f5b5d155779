import { dateTime, timeOfDay } from '../../state/dates.ts';
import { t } from '../../state/i18n.ts';
import type { PastAlert } from '../../state/past-alert.ts';
import { momentHref } from '../../state/view.ts';
import { AlertTable } from '../alert-table.tsx';

export interface PastAlertsProps {
  readonly stream: string;
  /** Oldest first. */
  readonly alerts: readonly PastAlert[];
  /** What stands there if there were none. */
  readonly none: string;
  /** All are of one day, which is named elsewhere. */
  readonly oneDay?: boolean;
}

/** Span of the chart that an alert links to, in seconds. */
const SPAN = 900;

/** The alerts of a time, newest first, each linked to the chart at its moment. */
export function PastAlerts({ stream, alerts, none, oneDay = false }: PastAlertsProps) {
  return (
    <section class="station-panel" aria-labelledby="past-alerts">
      <h3 id="past-alerts">{t('alerts.title')}</h3>
      {alerts.length === 0 ? (
        <p class="station-hint">{none}</p>
      ) : (
        // Focusable, so that the keyboard can scroll it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <section class="station-scroll" aria-label={t('stations.alertTable')} tabIndex={0}>
          <AlertTable
            class="alerts-table"
            alerts={alerts}
            when={({ raised: { time } }) => (
              <a href={momentHref(stream, Date.parse(time) / 1000, SPAN)}>
                {oneDay ? timeOfDay(time) : dateTime(time)}
              </a>
            )}
          />
        </section>
      )}
    </section>
  );
}

import type { StreamEvent } from '../../../src/client/index.ts';
import { dateTime, timeOfDay } from '../../state/dates.ts';
import { eventText } from '../../state/event-text.ts';
import { t } from '../../state/i18n.ts';
import { momentHref } from '../../state/view.ts';

export interface PastAlertsProps {
  readonly stream: string;
  /** Oldest first. */
  readonly alerts: readonly StreamEvent[];
  /** What stands there if there were none. */
  readonly none: string;
  /** All are of one day, which is named elsewhere. */
  readonly oneDay?: boolean;
}

/** Span of the chart that an alert links to, in seconds. */
const SPAN = 900;

/** The alerts of a time, newest first, each linked to the chart at its moment. */
export function PastAlerts({ stream, alerts, none, oneDay = false }: PastAlertsProps) {
  const newestFirst = [...alerts].reverse();
  return (
    <section class="station-panel" aria-labelledby="past-alerts">
      <h3 id="past-alerts">{t('alerts.title')}</h3>
      {alerts.length === 0 ? (
        <p class="station-hint">{none}</p>
      ) : (
        // Focusable, so that the keyboard can scroll it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <section class="station-scroll" aria-label={t('stations.alertTable')} tabIndex={0}>
          <table class="data-table alerts-table">
            <thead>
              <tr>
                <th scope="col">{t('table.time')}</th>
                <th scope="col">{t('alerts.rule')}</th>
                <th scope="col">{t('table.what')}</th>
              </tr>
            </thead>
            <tbody>
              {newestFirst.map((event, i) => (
                <tr key={`${event.time} ${i}`}>
                  <td>
                    <a href={momentHref(stream, Date.parse(event.time) / 1000, SPAN)}>
                      {oneDay ? timeOfDay(event.time) : dateTime(event.time)}
                    </a>
                  </td>
                  <td>{'alert' in event ? event.alert : ''}</td>
                  <td>{eventText(event)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

import type { ComponentChildren } from 'preact';
import { eventText } from '../state/event-text.ts';
import { elapsed, UNKNOWN } from '../state/format.ts';
import { t } from '../state/i18n.ts';
import { alertSeconds, type PastAlert } from '../state/past-alert.ts';

export interface AlertTableProps {
  /** Oldest first. */
  readonly alerts: readonly PastAlert[];
  /** What stands for the time of an alert. */
  readonly when: (alert: PastAlert) => ComponentChildren;
  /** Of the table, besides `data-table`. */
  readonly class?: string;
}

/** Past alerts, newest first: when, by which rule, what happened, for how long. */
export function AlertTable({ alerts, when, class: own = '' }: AlertTableProps) {
  return (
    <table class={`data-table ${own}`}>
      <thead>
        <tr>
          <th scope="col">{t('table.time')}</th>
          <th scope="col">{t('alerts.rule')}</th>
          <th scope="col">{t('table.what')}</th>
          <th scope="col">{t('table.length')}</th>
        </tr>
      </thead>
      <tbody>
        {alerts.toReversed().map((alert, i) => {
          const seconds = alertSeconds(alert);
          return (
            <tr key={`${alert.raised.time} ${i}`}>
              <td>{when(alert)}</td>
              <td>{alert.raised.alert}</td>
              <td>{eventText(alert.raised)}</td>
              <td>{seconds === null ? UNKNOWN : elapsed(seconds)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

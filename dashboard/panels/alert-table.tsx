import type { ComponentChildren } from 'preact';
import type { StreamEvent } from '../../src/client/index.ts';
import { eventText } from '../state/event-text.ts';
import { t } from '../state/i18n.ts';

export interface AlertTableProps {
  /** Oldest first. */
  readonly alerts: readonly StreamEvent[];
  /** What stands for the time of an alert. */
  readonly when: (alert: StreamEvent) => ComponentChildren;
  /** How long an alert lasted. Absent: no column for it. */
  readonly length?: (alert: StreamEvent) => string;
  /** Of the table, besides `data-table`. */
  readonly class?: string;
}

/** Past alerts, newest first: when, by which rule, what happened. */
export function AlertTable({ alerts, when, length, class: own = '' }: AlertTableProps) {
  const newestFirst = [...alerts].reverse();
  return (
    <table class={`data-table ${own}`}>
      <thead>
        <tr>
          <th scope="col">{t('table.time')}</th>
          <th scope="col">{t('alerts.rule')}</th>
          <th scope="col">{t('table.what')}</th>
          {length && <th scope="col">{t('table.length')}</th>}
        </tr>
      </thead>
      <tbody>
        {newestFirst.map((alert, i) => (
          <tr key={`${alert.time} ${i}`}>
            <td>{when(alert)}</td>
            <td>{'alert' in alert ? alert.alert : ''}</td>
            <td>{eventText(alert)}</td>
            {length && <td>{length(alert)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

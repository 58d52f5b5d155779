import type { StreamEvent } from '../../../src/client/index.ts';
import { client } from '../../state/client.ts';
import { dateTime } from '../../state/dates.ts';
import { eventText } from '../../state/event-text.ts';
import { t } from '../../state/i18n.ts';

const WEEK_MS = 7 * 86_400_000;
const SHOWN = 200;

export const loadAlertHistory = (stream: string): Promise<readonly StreamEvent[]> =>
  client.streams.events(stream, {
    type: 'alert',
    from: new Date(Date.now() - WEEK_MS).toISOString(),
    limit: SHOWN,
  });

/** The alerts of a stream in the last week, newest first. */
export function AlertHistory({ events }: { events: readonly StreamEvent[] }) {
  if (events.length === 0) return null;
  const newestFirst: readonly StreamEvent[] = [...events].reverse();
  return (
    <details class="setup-history">
      <summary>{t('alerts.history', { count: events.length })}</summary>
      <table class="data-table">
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
                <time dateTime={event.time}>{dateTime(event.time)}</time>
              </td>
              <td>{'alert' in event ? event.alert : ''}</td>
              <td>{eventText(event)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

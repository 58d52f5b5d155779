import type { StreamEvent } from '../../../src/client/index.ts';
import { client } from '../../state/client.ts';
import { dateTime } from '../../state/dates.ts';
import { t } from '../../state/i18n.ts';
import { clockKnown } from '../../state/live-connection.ts';
import { DAY_MS } from '../../state/station.ts';
import { serverNowMs } from '../../state/streams.ts';
import { AlertTable } from '../alert-table.tsx';

const WEEK_MS = 7 * DAY_MS;
const SHOWN = 200;

export async function loadAlertHistory(stream: string): Promise<readonly StreamEvent[]> {
  await clockKnown();
  const from = new Date(serverNowMs() - WEEK_MS).toISOString();
  return client.streams.events(stream, { type: 'alert', from, limit: SHOWN });
}

/** The alerts of a stream in the last week, newest first. */
export function AlertHistory({ events }: { events: readonly StreamEvent[] }) {
  if (events.length === 0) return null;
  return (
    <details class="setup-history">
      <summary>{t('alerts.history', { count: events.length })}</summary>
      <AlertTable alerts={events} when={({ time }) => <time dateTime={time}>{dateTime(time)}</time>} />
    </details>
  );
}

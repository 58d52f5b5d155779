import type { StreamEvent } from '../../src/client/index.ts';

/** An alert that was raised, and when it ended by the clock; null: it has not, or that is not known. */
export interface PastAlert {
  readonly raised: RaisedAlert;
  readonly endedAt: string | null;
}

type RaisedAlert = Extract<StreamEvent, { type: 'alert-raised' | 'alert-cleared' }>;

/** The alerts that began among `events`, which are in the order in which they happened. */
export function pastAlerts(events: readonly StreamEvent[]): PastAlert[] {
  const alerts: PastAlert[] = [];
  /** The next event of each rule. */
  const next = new Map<string, RaisedAlert>();
  for (const event of events.toReversed()) {
    if (event.type !== 'alert-raised' && event.type !== 'alert-cleared') continue;
    // Raised again without an end in between: a server that is killed logs no end.
    const end = next.get(event.alert);
    if (event.type === 'alert-raised')
      alerts.push({ raised: event, endedAt: end?.type === 'alert-cleared' ? end.time : null });
    next.set(event.alert, event);
  }
  return alerts.reverse();
}

/** How long an alert lasted by the clock: while a source is lost, there is no audio time. */
export const alertSeconds = ({ raised, endedAt }: PastAlert): number | null =>
  endedAt === null ? null : (Date.parse(endedAt) - Date.parse(raised.time)) / 1000;

import type { StreamEvent } from '../../src/client/index.ts';

/** An alert that was raised, and how long it lasted by the clock; null: its end is not known. */
export interface PastAlert {
  readonly raised: StreamEvent;
  readonly seconds: number | null;
}

/** The alerts that began among `events`, which are in the order in which they happened. */
export function pastAlerts(events: readonly StreamEvent[]): PastAlert[] {
  return events.flatMap((raised, i): PastAlert[] => {
    if (raised.type !== 'alert-raised') return [];
    // While a source is lost, there is no audio time.
    const end = events
      .slice(i + 1)
      .find((later) => later.type === 'alert-cleared' && later.alert === raised.alert);
    const seconds = end === undefined ? null : (Date.parse(end.time) - Date.parse(raised.time)) / 1000;
    return [{ raised, seconds }];
  });
}

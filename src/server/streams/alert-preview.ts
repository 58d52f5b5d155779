import { setImmediate } from 'node:timers/promises';
import type { TimeRange } from '../../log/time-range.ts';
import { detect, INITIAL } from '../../sinks/alerts/detect.ts';
import type { AlertRule } from '../../sinks/alerts/rule.ts';
import type { EmotionFrame, StreamEvent, StreamMessage } from '../../types.ts';
import type { AlertPreview, PreviewedAlert } from './previewed-alert.ts';

/** The part of the log's history that a preview reads. */
export interface LoggedMessages {
  frames(stream: string, range: TimeRange): AsyncIterable<readonly EmotionFrame[]>;
  events(stream: string, range: TimeRange, limit: number): readonly StreamEvent[];
}

const MAX_PREVIEWED = 500;
const MAX_EVENTS = 10_000;

/**
 * What `rules` would have done in a range of the log: the same detection as on live messages, from the frames and
 * the events that the log has. Gives way to other work after each page.
 */
export async function previewAlerts(
  history: LoggedMessages,
  stream: string,
  rules: readonly AlertRule[],
  range: TimeRange,
): Promise<AlertPreview> {
  const states = new Map(rules.map((rule) => [rule.name, INITIAL]));
  const counts = Object.fromEntries(rules.map(({ name }) => [name, 0]));
  const open = new Map<string, number>();
  const alerts: PreviewedAlert[] = [];
  let frames = 0;

  const apply = (message: StreamMessage) => {
    for (const rule of rules) {
      const { state, change } = detect(rule, states.get(rule.name)!, message);
      states.set(rule.name, state);
      if (change?.type === 'alert-raised') {
        counts[rule.name]!++;
        if (alerts.length >= MAX_PREVIEWED) continue;
        open.set(rule.name, alerts.length);
        alerts.push({ alert: rule.name, from: message.time, to: null, message: change.message });
      } else if (change?.type === 'alert-cleared') {
        const at = open.get(rule.name);
        if (at !== undefined) alerts[at] = { ...alerts[at]!, to: message.time };
        open.delete(rule.name);
      }
    }
  };

  const events = history.events(stream, range, MAX_EVENTS);
  let next = 0;
  for await (const page of history.frames(stream, range)) {
    for (const frame of page) {
      while (next < events.length && events[next]!.time <= frame.time) apply(events[next++]!);
      apply(frame);
    }
    frames += page.length;
    await setImmediate();
  }
  while (next < events.length) apply(events[next++]!);
  return { alerts, counts, frames };
}

import type { ActiveAlert, StreamEvent, StreamMessage } from '../../types.ts';
import { type AlertState, detect, QUIET } from './detect.ts';
import type { AlertRule } from './rule.ts';

interface Watched {
  readonly rules: readonly AlertRule[];
  readonly states: Map<string, AlertState>;
  readonly active: Map<string, ActiveAlert>;
}

/** The alert rules of all streams and their state; every message of every stream passes through `transform`. */
export class Alerts {
  readonly #streams = new Map<string, Watched>();
  #everywhere: readonly AlertRule[] = [];
  #own: ReadonlyMap<string, readonly AlertRule[]> = new Map();

  /** Rules of streams that have none of their own. */
  setForAll(rules: readonly AlertRule[]): void {
    this.#everywhere = rules;
  }

  /** Rules of single streams, in the place of those for all. */
  setOwn(rules: ReadonlyMap<string, readonly AlertRule[]>): void {
    this.#own = rules;
  }

  rules(stream: string): readonly AlertRule[] {
    return this.#own.get(stream) ?? this.#everywhere;
  }

  active(stream: string): ActiveAlert[] {
    return [...(this.#streams.get(stream)?.active.values() ?? [])];
  }

  get raised(): number {
    let count = 0;
    for (const { active } of this.#streams.values()) count += active.size;
    return count;
  }

  /** Drops the state of a stream that is no longer listed. */
  forget(stream: string): void {
    this.#streams.delete(stream);
  }

  /**
   * The message with the alerts that it raises and clears, in the order of publishing: after the message, but
   * before the stop of a run, which is always the last message of it.
   */
  transform(message: StreamMessage): StreamMessage[] {
    const events = this.#changes(message);
    return message.type === 'stream-stopped' ? [...events, message] : [message, ...events];
  }

  #changes(message: StreamMessage): StreamEvent[] {
    const rules = this.rules(message.stream);
    const known = this.#streams.get(message.stream);
    if (rules.length === 0 && (known === undefined || known.active.size === 0)) return [];
    const watched = this.#watched(message.stream, rules);
    const events: StreamEvent[] = [];
    const { stream, t, time } = message;
    for (const name of watched.active.keys()) {
      if (rules.some((rule) => rule.name === name)) continue;
      watched.active.delete(name);
      events.push({ type: 'alert-cleared', stream, t, time, alert: name, message: 'Its rule was removed.' });
    }
    for (const rule of rules) {
      const { state, change } = detect(rule, watched.states.get(rule.name) ?? QUIET, message);
      watched.states.set(rule.name, state);
      if (!change) continue;
      const event: StreamEvent = {
        type: change.type,
        stream,
        t,
        time,
        alert: rule.name,
        message: change.message,
      };
      if (event.type === 'alert-raised') {
        watched.active.set(rule.name, { alert: rule.name, t, time, message: change.message });
      } else watched.active.delete(rule.name);
      events.push(event);
    }
    return events;
  }

  /** A changed rule starts afresh; an unchanged one keeps its state. */
  #watched(stream: string, rules: readonly AlertRule[]): Watched {
    const before = this.#streams.get(stream);
    if (before?.rules === rules) return before;
    const states = new Map<string, AlertState>();
    for (const rule of rules) {
      const same = before?.rules.find((old) => JSON.stringify(old) === JSON.stringify(rule));
      const state = same && before?.states.get(rule.name);
      if (state) states.set(rule.name, state);
    }
    const active = before?.active ?? new Map();
    // The alert of a changed rule stays active until the new rule clears it.
    for (const [name, alert] of active)
      if (!states.has(name) && rules.some((rule) => rule.name === name))
        states.set(name, { ...QUIET, raisedAt: alert.t });
    const watched = { rules, states, active };
    this.#streams.set(stream, watched);
    return watched;
  }
}

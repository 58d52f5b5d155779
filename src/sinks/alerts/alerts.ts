import type { ActiveAlert, StreamEvent, StreamMessage } from '../../types.ts';
import { type AlertState, detect, INITIAL } from './detect.ts';
import type { AlertRule } from './rule.ts';

interface StreamState {
  readonly rules: readonly AlertRule[];
  readonly states: Map<string, AlertState>;
  readonly active: Map<string, ActiveAlert>;
}

/** Holds the alert rules of all streams and their state. Every message of every stream passes through `transform`. */
export class Alerts {
  readonly #streams = new Map<string, StreamState>();
  #forAll: readonly AlertRule[] = [];
  #own: ReadonlyMap<string, readonly AlertRule[]> = new Map();

  /** Sets the rules for streams without own rules. */
  setForAll(rules: readonly AlertRule[]): void {
    this.#forAll = rules;
  }

  /** Sets the own rules of streams, by name; they replace the rules for all streams. */
  setOwn(rules: ReadonlyMap<string, readonly AlertRule[]>): void {
    this.#own = rules;
  }

  rules(stream: string): readonly AlertRule[] {
    return this.#own.get(stream) ?? this.#forAll;
  }

  active(stream: string): ActiveAlert[] {
    return [...(this.#streams.get(stream)?.active.values() ?? [])];
  }

  /** Number of active alerts in all streams. */
  get raised(): number {
    let count = 0;
    for (const { active } of this.#streams.values()) count += active.size;
    return count;
  }

  /** Deletes the state of a stream that is no longer listed. */
  forget(stream: string): void {
    this.#streams.delete(stream);
  }

  /**
   * Returns the message and the alerts that it raises and clears, in the order in which to publish them. Alerts
   * follow the message, but precede `stream-stopped`, which is always the last message of a run.
   */
  transform(message: StreamMessage): StreamMessage[] {
    const events = this.#changes(message);
    return message.type === 'stream-stopped' ? [...events, message] : [message, ...events];
  }

  #changes(message: StreamMessage): StreamEvent[] {
    const rules = this.rules(message.stream);
    if (rules.length === 0 && !this.#streams.get(message.stream)?.active.size) {
      this.forget(message.stream); // Rules that are set again start anew.
      return [];
    }
    const current = this.#stateOf(message.stream, rules);
    const events: StreamEvent[] = [];
    const { stream, t, time } = message;
    for (const [name, active] of current.active) {
      if (rules.some((rule) => rule.name === name)) continue;
      current.active.delete(name);
      const ended = { because: 'rule-removed', seconds: Math.max(0, t - active.t) } as const;
      const base = { type: 'alert-cleared', stream, t, time, alert: name } as const;
      events.push({ ...base, message: 'Its rule was removed.', condition: active.condition, ended });
    }
    for (const rule of rules) {
      const { state, change } = detect(rule, current.states.get(rule.name) ?? INITIAL, message);
      current.states.set(rule.name, state);
      if (!change) continue;
      const alert = { t, time, alert: rule.name, message: change.message, condition: change.condition };
      if (change.type === 'alert-raised') current.active.set(rule.name, alert);
      else current.active.delete(rule.name);
      events.push({ ...change, stream, ...alert });
    }
    return events;
  }

  /** The state of a stream. An unchanged rule keeps its state; a changed one starts again. */
  #stateOf(stream: string, rules: readonly AlertRule[]): StreamState {
    const before = this.#streams.get(stream);
    if (before?.rules === rules) return before;
    const states = new Map<string, AlertState>();
    for (const rule of rules) {
      const same = before?.rules.find((old) => JSON.stringify(old) === JSON.stringify(rule));
      const ruleState = same && before?.states.get(rule.name);
      if (ruleState) states.set(rule.name, ruleState);
    }
    const active = before?.active ?? new Map();
    // The alert of a changed rule stays active until the new rule clears it.
    for (const [name, alert] of active)
      if (!states.has(name) && rules.some((rule) => rule.name === name))
        states.set(name, { ...INITIAL, raisedAt: alert.t });
    const state = { rules, states, active };
    this.#streams.set(stream, state);
    return state;
  }
}

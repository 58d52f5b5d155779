import type { AlertPreview } from '../server/streams/previewed-alert.ts';
import type { AlertRule } from '../sinks/alerts/rule.ts';
import type { StreamSinkStatus } from '../sinks/sink-status.ts';
import type { StreamEvent, StreamInfo } from '../types.ts';
import { type Address, request, requestJson, type Span } from './request.ts';

/** The rules of a stream, and where they were set. */
export interface AlertRules {
  readonly rules: AlertRule[];
  readonly from: 'api' | 'config';
}

/** A sink of a stream, as in the configuration; `values` as in docs/sinks.md. */
export interface SinkEntry {
  readonly sink: string;
  readonly user?: string;
  readonly secret?: string;
  readonly values?: readonly Readonly<Record<string, unknown>>[];
  readonly smooth?: string;
  readonly every?: string;
}

/** A sink and how it is; the secret itself is never returned. */
export interface SinkState extends Omit<SinkEntry, 'secret'>, StreamSinkStatus {
  readonly secret?: 'set';
}

export interface SinkStates {
  readonly sinks: readonly SinkState[];
  readonly from: 'api' | 'config';
}

/** A stream to add. */
export interface NewStream {
  readonly name: string;
  /** Such as `https://radio.example/live.mp3` or `demo:`. */
  readonly source: string;
  readonly model?: string;
  readonly profile?: string;
  /** How long the log keeps its frames, such as `90d`. */
  readonly keep?: string;
  readonly alerts?: readonly AlertRule[];
  readonly sinks?: readonly SinkEntry[];
}

/** The part of the client that adds, changes and removes streams. */
export function streamSetupOf(address: Address) {
  const at = (name: string, rest = '') => `v1/streams/${encodeURIComponent(name)}${rest}`;
  return {
    /** Adds a stream, which the server keeps running until it is removed. @throws ApiError `source-not-allowed`, `stream-busy` */
    add: (entry: NewStream) => requestJson<StreamInfo>(address, 'POST', 'v1/streams', { body: entry }),
    /** Stops and removes a stream; its frames stay in the log. @throws ApiError `configured`, `unknown-stream` */
    async remove(name: string): Promise<void> {
      await request(address, 'DELETE', at(name));
    },

    /**
     * Gives a stream that was added another name, with its rules, sinks and profile; what the log has stays under the old
     * one. @throws ApiError `configured`, `not-added`, `stream-busy`, `unknown-stream`
     */
    rename: (name: string, to: string) =>
      requestJson<StreamInfo>(address, 'PATCH', at(name), { body: { name: to } }),

    sinks: (name: string) => requestJson<SinkStates>(address, 'GET', at(name, '/sinks')),
    setSinks: (name: string, sinks: readonly SinkEntry[]) =>
      requestJson<SinkStates>(address, 'PUT', at(name, '/sinks'), { body: { sinks } }),

    alerts: (name: string) => requestJson<AlertRules>(address, 'GET', at(name, '/alerts')),
    setAlerts: (name: string, rules: readonly AlertRule[]) =>
      requestJson<AlertRules>(address, 'PUT', at(name, '/alerts'), { body: { rules } }),
    /** Uses the rules of the configuration again. */
    async resetAlerts(name: string): Promise<void> {
      await request(address, 'DELETE', at(name, '/alerts'));
    },
    /** The alerts that rules would have raised; by default in the last 24 hours. */
    previewAlerts: (name: string, rules: readonly AlertRule[], range: Span = {}) =>
      requestJson<AlertPreview>(address, 'POST', at(name, '/alerts/preview'), { body: { rules, ...range } }),

    /** Events from the log; `type`: only those whose type begins with it. By default of the last 24 hours. */
    async events(
      name: string,
      query: Span & { readonly type?: string; readonly limit?: number } = {},
      signal?: AbortSignal,
    ): Promise<StreamEvent[]> {
      const options = { query: { ...query }, signal };
      return (await requestJson<{ events: StreamEvent[] }>(address, 'GET', at(name, '/events'), options))
        .events;
    },
  };
}

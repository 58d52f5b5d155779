import type { AlertPreview } from '../server/streams/alert-preview.ts';
import type { StreamEntry } from '../server/streams/schema.ts';
import type { SinkStates } from '../server/streams/stream-manager.ts';
import type { AlertRule } from '../sinks/alerts/rule.ts';
import type { SinkEntry } from '../sinks/sink-entry.ts';
import type { StreamEvent, StreamInfo } from '../types.ts';
import { type Address, request, requestJson } from './request.ts';

/** The rules of a stream, and where they were set. */
export interface AlertRules {
  readonly rules: AlertRule[];
  readonly from: 'api' | 'config';
}

/** A range of time; ISO 8601 or seconds since 1970. */
interface Range {
  readonly from?: string;
  readonly to?: string;
}

/** The part of the client that adds, changes and removes streams. */
export function streamSetupOf(address: Address) {
  const at = (name: string, rest = '') => `v1/streams/${encodeURIComponent(name)}${rest}`;
  return {
    /** Adds a stream, which the server keeps running until it is removed. @throws ApiError `source-not-allowed`, `stream-busy` */
    add: (entry: StreamEntry) => requestJson<StreamInfo>(address, 'POST', 'v1/streams', { body: entry }),
    /** Stops and removes a stream; its frames stay in the log. @throws ApiError `configured`, `unknown-stream` */
    async remove(name: string): Promise<void> {
      await request(address, 'DELETE', at(name));
    },

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
    previewAlerts: (name: string, rules: readonly AlertRule[], range: Range = {}) =>
      requestJson<AlertPreview>(address, 'POST', at(name, '/alerts/preview'), { body: { rules, ...range } }),

    /** Events from the log; `type`: only those whose type begins with it. By default of the last 24 hours. */
    async events(
      name: string,
      query: Range & { readonly type?: string; readonly limit?: number } = {},
      signal?: AbortSignal,
    ): Promise<StreamEvent[]> {
      const options = { query: { ...query }, signal };
      return (await requestJson<{ events: StreamEvent[] }>(address, 'GET', at(name, '/events'), options))
        .events;
    },
  };
}

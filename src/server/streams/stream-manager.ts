import type { Logger } from 'pino';
import type { Alerts } from '../../sinks/alerts/alerts.ts';
import type { AlertRule } from '../../sinks/alerts/rule.ts';
import type { StreamInfo } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { parseDuration } from '../../util/duration.ts';
import type { Hub } from './hub.ts';
import { type Managed, readManaged, writeManaged } from './managed-file.ts';
import { type RemotePolicy, remoteSource } from './remote-source.ts';
import type { StreamEntry } from './stream-entry.ts';
import { type OpenedStream, StreamSupervisor } from './stream-supervisor.ts';

/** Makes a stream's source and loads its model; `remote` where a client of the API has named it. */
export type OpenStream = (entry: StreamEntry, remote: RemotePolicy | undefined) => Promise<OpenedStream>;

/** What the configuration says about streams. */
export interface StreamPlan {
  readonly streams: readonly StreamEntry[];
  /** For streams that have none of their own. */
  readonly alerts: readonly AlertRule[];
  readonly keep: string | undefined;
  readonly remote: RemotePolicy;
}

export interface StreamManagerOptions {
  readonly hub: Hub;
  readonly alerts: Alerts;
  readonly open: OpenStream;
  /** Where what is changed over the API is kept. */
  readonly file: string;
  readonly setKeep: (stream: string, ms: number | null) => void;
  readonly logger: Logger;
}

/**
 * The streams that are to be kept going and their rules, from two hands: the configuration, which is read
 * again at will, and the API, whose changes are kept in a file. A stream of the configuration is changed
 * there alone; rules that were set over the API stand in the place of the configuration's until they are
 * deleted.
 */
export class StreamManager {
  readonly #options: StreamManagerOptions;
  readonly #supervisor: StreamSupervisor;
  readonly #logged = new Set<string>();
  #plan: StreamPlan;
  #managed: Managed;

  constructor(plan: StreamPlan, options: StreamManagerOptions) {
    this.#options = options;
    this.#plan = plan;
    this.#managed = readManaged(options.file);
    this.#supervisor = new StreamSupervisor({
      hub: options.hub,
      logger: options.logger,
      open: (entry) => options.open(entry, this.#isConfigured(entry.name) ? undefined : this.#plan.remote),
    });
  }

  /**
   * Starts all there are. The configuration's come first: of two with one name its own is taken.
   * `logged`: streams that the log has from before.
   */
  start(logged: readonly string[]): void {
    for (const name of logged) this.#logged.add(name);
    this.#settle();
    for (const entry of this.#wanted()) this.#supervisor.start(entry);
  }

  /** Goes over to another configuration; what is the same in both goes on. */
  async reload(plan: StreamPlan): Promise<void> {
    const before = this.#wanted();
    this.#plan = plan;
    this.#settle();
    await this.#supervisor.replace(before, this.#wanted());
  }

  /** @throws UserError `source-not-allowed`, `forbidden-address`, `bad-source`, `bad-url`, `stream-busy`, `too-many-streams`, `unknown-model`, `not-kept` */
  async add(entry: StreamEntry): Promise<StreamInfo> {
    const source = remoteSource(entry.source, this.#plan.remote);
    const added = { ...entry, source };
    const info = await this.#supervisor.add(added);
    try {
      this.#change({ ...this.#managed, streams: [...this.#managed.streams, added] });
    } catch (fault) {
      await this.#supervisor.remove(added.name);
      await this.#options.hub.stop(added.name);
      throw fault;
    }
    return info;
  }

  /** False where there is none of the name. @throws UserError `configured`, `not-kept` */
  async remove(name: string): Promise<boolean> {
    if (this.#isConfigured(name)) {
      throw new UserError(
        'configured',
        `The stream "${name}" stands in the configuration: take it out there and reload.`,
      );
    }
    const kept = this.#supervisor.has(name);
    if (kept) {
      this.#change({
        ...this.#managed,
        streams: this.#managed.streams.filter((entry) => entry.name !== name),
      });
      await this.#supervisor.remove(name);
    }
    return (await this.#options.hub.stop(name)) || kept;
  }

  rules(name: string): { readonly rules: AlertRule[]; readonly from: 'api' | 'config' } {
    return {
      rules: [...this.#options.alerts.rules(name)],
      from: Object.hasOwn(this.#managed.alerts, name) ? 'api' : 'config',
    };
  }

  /** undefined: those of the configuration again. */
  setRules(name: string, rules: AlertRule[] | undefined): void {
    const { [name]: _, ...others } = this.#managed.alerts;
    this.#change({ ...this.#managed, alerts: rules ? { ...others, [name]: rules } : others });
  }

  /** A stream that nobody planned, such as a sender's, is kept in the log as all are by default. */
  began(name: string): void {
    this.#logged.add(name);
    if (!this.#supervisor.has(name)) this.#options.setKeep(name, keepMs(this.#plan.keep));
  }

  close(): void {
    this.#supervisor.close();
  }

  #isConfigured(name: string): boolean {
    return this.#plan.streams.some((entry) => entry.name === name);
  }

  #wanted(): StreamEntry[] {
    const added = this.#managed.streams.filter(({ name }) => !this.#isConfigured(name));
    return [...this.#plan.streams, ...added];
  }

  #change(managed: Managed): void {
    writeManaged(this.#options.file, managed);
    this.#managed = managed;
    this.#settle();
  }

  /** Puts rules and spans where they work. */
  #settle(): void {
    const { alerts, setKeep } = this.#options;
    alerts.setForAll(this.#plan.alerts);
    const wanted = this.#wanted();
    const ruled = wanted.flatMap(({ name, alerts: own }) => (own ? [[name, own] as const] : []));
    alerts.setOwn(new Map([...ruled, ...Object.entries(this.#managed.alerts)]));
    const own = new Map(wanted.map(({ name, keep }) => [name, keep]));
    for (const name of new Set([...this.#logged, ...own.keys()]))
      setKeep(name, keepMs(own.get(name) ?? this.#plan.keep));
  }
}

const keepMs = (keep: string | undefined): number | null =>
  keep === undefined ? null : (parseDuration(keep) ?? null);

import type { Logger } from 'pino';
import type { Alerts } from '../../sinks/alerts/alerts.ts';
import type { AlertRule } from '../../sinks/alerts/rule.ts';
import type { SinkEntry } from '../../sinks/sink-entry.ts';
import type { StreamSinkStatus } from '../../sinks/sink-status.ts';
import { shownSink } from '../../sinks/sink-uri.ts';
import type { GuardedSink, StreamSinks } from '../../sinks/stream-sinks.ts';
import { publicOnly } from '../../stream/sources/http/address-guard.ts';
import type { StreamInfo } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import { parseDuration } from '../../util/duration.ts';
import type { StreamProfiles } from '../profiles/stream-profiles.ts';
import type { Hub } from './hub.ts';
import { type Managed, readManaged, withName, writeManaged } from './managed-file.ts';
import { remoteSinks } from './remote-sinks.ts';
import { type RemotePolicy, remoteSource } from './remote-source.ts';
import type { StreamEntry } from './schema.ts';
import { type OpenedStream, StreamSupervisor } from './stream-supervisor.ts';

/** Creates a stream's source and loads its model. `remote` is set for entries that a client of the API added. */
export type OpenStream = (entry: StreamEntry, remote: RemotePolicy | undefined) => Promise<OpenedStream>;

/** The streams of the configuration. The secrets of sinks are text: variables and files were read. */
export interface StreamPlan {
  readonly streams: readonly StreamEntry[];
  /** Sinks of streams without sinks of their own. */
  readonly sinks?: readonly SinkEntry[];
  /** Rules for streams without rules of their own. */
  readonly alerts: readonly AlertRule[];
  /** How long frames are kept, for streams without a value of their own. */
  readonly keep: string | undefined;
  /** Name of the profile for streams without one of their own. */
  readonly profile?: string | undefined;
  readonly remote: RemotePolicy;
}

export interface StreamManagerOptions {
  readonly hub: Hub;
  readonly alerts: Alerts;
  readonly profiles: Pick<StreamProfiles, 'check' | 'plan'>;
  readonly streamSinks: Pick<StreamSinks, 'set' | 'of'>;
  readonly open: OpenStream;
  /** Stores the changes that are made over the API. */
  readonly file: string;
  readonly setRetention: (stream: string, ms: number | null) => void;
  readonly logger: Logger;
}

/**
 * Manages the permanent streams, their alert rules and their sinks. They come from the configuration, which can be reloaded, and
 * from the API, whose changes are stored in a file. A stream of the configuration can only be changed there; alert
 * rules and sinks that were set over the API replace those of the configuration until they are deleted.
 */
export class StreamManager {
  readonly #options: StreamManagerOptions;
  readonly #supervisor: StreamSupervisor;
  /** Every stream that the log has. */
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
   * Starts all streams. If the API and the configuration name the same stream, the configuration's is used.
   *
   * @param logged streams that the log already has
   */
  start(logged: readonly string[]): void {
    for (const name of logged) this.#logged.add(name);
    this.#applyRules();
    for (const entry of this.#wanted()) this.#supervisor.start(entry);
  }

  /** Names of the permanent streams. */
  get names(): string[] {
    return this.#wanted().map(({ name }) => name);
  }

  /** Applies another configuration; streams that are the same in both continue. */
  async reload(plan: StreamPlan): Promise<void> {
    const before = this.#wanted();
    this.#plan = plan;
    this.#applyRules();
    await this.#supervisor.replace(before, this.#wanted());
  }

  /** The sources that clients may add. */
  get remote(): RemotePolicy {
    return this.#plan.remote;
  }

  /** @throws UserError `source-not-allowed`, `forbidden-address`, `bad-source`, `bad-url`, `stream-busy`, `too-many-streams`, `unknown-model`, `not-kept` */
  async add(entry: StreamEntry): Promise<StreamInfo> {
    const source = remoteSource(entry.source, this.#plan.remote);
    const sinks = entry.sinks && remoteSinks(entry.sinks, this.#plan.remote);
    const added: StreamEntry = { ...entry, source, ...(sinks && { sinks }) };
    const info = await this.#supervisor.add(added);
    try {
      this.#change({ ...this.#managed, streams: [...this.#managed.streams, added] });
    } catch (error) {
      await this.#supervisor.remove(added.name);
      throw error;
    }
    return { ...info, from: 'api' };
  }

  /** Where a stream is set; undefined: a sender or the command line started it. */
  from(name: string): StreamInfo['from'] {
    if (this.#isConfigured(name)) return 'config';
    return this.#managed.streams.some((entry) => entry.name === name) ? 'api' : undefined;
  }

  /** False if there is no such stream. @throws UserError `configured`, `not-kept` */
  async remove(name: string): Promise<boolean> {
    this.#refuseConfigured(name);
    const isManaged = this.#supervisor.has(name);
    if (isManaged) {
      this.#change({
        ...this.#managed,
        streams: this.#managed.streams.filter((entry) => entry.name !== name),
      });
      await this.#supervisor.remove(name);
    }
    return (await this.#options.hub.remove(name)) || isManaged;
  }

  /**
   * Gives a stream that was added over the API another name, with its rules, sinks and profile. Its source goes on in a
   * new run; what the log has stays under the old name.
   *
   * @throws UserError `configured`, `not-added`, `stream-busy`, `not-kept`
   */
  async rename(name: string, to: string): Promise<StreamInfo> {
    for (const one of [name, to]) this.#refuseConfigured(one);
    const entry = this.#managed.streams.find((one) => one.name === name);
    if (entry === undefined) {
      throw new UserError(
        'not-added',
        `The stream "${name}" was not added over the API, so it gets its name elsewhere: from its sender or the command line.`,
      );
    }
    const renamed = { ...entry, name: to };
    return this.#supervisor.rename(name, renamed, () => this.#change(withName(this.#managed, name, renamed)));
  }

  rules(name: string): { readonly rules: AlertRule[]; readonly from: 'api' | 'config' } {
    return {
      rules: [...this.#options.alerts.rules(name)],
      from: Object.hasOwn(this.#managed.alerts, name) ? 'api' : 'config',
    };
  }

  /** Sets the rules of a stream; undefined resets them to those of the configuration. */
  setRules(name: string, rules: AlertRule[] | undefined): void {
    const { [name]: _, ...others } = this.#managed.alerts;
    this.#change({ ...this.#managed, alerts: rules ? { ...others, [name]: rules } : others });
  }

  /**
   * Chooses the profile of a stream; null: none.
   *
   * @throws UserError `unknown-profile`, `profile-not-fitted`, `profile-model`, `not-kept`
   */
  setProfile(name: string, profile: string | null): void {
    if (profile !== null) this.#options.profiles.check(name, profile);
    this.#change({ ...this.#managed, profiles: { ...this.#managed.profiles, [name]: profile } });
  }

  sinks(name: string): SinkStates {
    const sinks = this.#options.streamSinks.of(name).map(({ entry: { secret, ...entry }, sink }) => ({
      ...entry,
      sink: shownSink(entry.sink),
      ...(secret !== undefined && { secret: 'set' as const }),
      ...sink.status,
    }));
    const isManaged = Object.hasOwn(this.#managed.sinks ?? {}, name);
    const isAdded =
      !this.#isConfigured(name) && this.#managed.streams.some((one) => one.name === name && one.sinks);
    return { sinks, from: isManaged || isAdded ? 'api' : 'config' };
  }

  /**
   * Sets the sinks of a stream; undefined resets them to those of the configuration.
   *
   * @throws UserError `sink-not-allowed`, `forbidden-address`, `not-kept`
   */
  setSinks(name: string, sinks: readonly SinkEntry[] | undefined): void {
    const ready = sinks && remoteSinks(sinks, this.#plan.remote);
    const { sinks: before = {}, ...managed } = this.#managed;
    const { [name]: _, ...others } = before;
    const next = ready ? { ...others, [name]: ready } : others;
    this.#change(Object.keys(next).length > 0 ? { ...managed, sinks: next } : managed);
  }

  /** A stream that is not managed, such as a sender's, is kept in the log for the default time. */
  streamStarted(name: string): void {
    this.#logged.add(name);
    if (!this.#supervisor.has(name)) this.#options.setRetention(name, keepMs(this.#plan.keep));
  }

  close(): void {
    this.#supervisor.close();
  }

  #isConfigured(name: string): boolean {
    return this.#plan.streams.some((entry) => entry.name === name);
  }

  #refuseConfigured(name: string): void {
    if (!this.#isConfigured(name)) return;
    throw new UserError(
      'configured',
      `The stream "${name}" is in the configuration: change it there and reload.`,
    );
  }

  #wanted(): StreamEntry[] {
    const added = this.#managed.streams.filter(({ name }) => !this.#isConfigured(name));
    return [...this.#plan.streams, ...added];
  }

  #change(managed: Managed): void {
    writeManaged(this.#options.file, managed);
    this.#managed = managed;
    this.#applyRules();
  }

  /** Passes the sinks to those that send. Sinks of the API may connect to public addresses only. */
  #applySinks(): void {
    const guard = publicOnly(this.#plan.remote.privateNetworks);
    const free = (entries: readonly SinkEntry[]): GuardedSink[] => entries.map((entry) => ({ entry }));
    const guarded = (entries: readonly SinkEntry[]): GuardedSink[] =>
      entries.map((entry) => ({ entry, guard }));
    const { streams, sinks: ofApi = {} } = this.#managed;
    this.#options.streamSinks.set({
      forAll: free(this.#plan.sinks ?? []),
      own: new Map([
        ...streams.flatMap(({ name, sinks }) => (sinks ? [[name, guarded(sinks)] as const] : [])),
        ...this.#plan.streams.flatMap(({ name, sinks }) => (sinks ? [[name, free(sinks)] as const] : [])),
        ...Object.entries(ofApi).map(([name, sinks]) => [name, guarded(sinks)] as const),
      ]),
    });
  }

  /** Passes rules to the alerts, sinks to those that send, retention times to the log, and profiles to the trackers. */
  #applyRules(): void {
    this.#applySinks();
    const { alerts, setRetention } = this.#options;
    alerts.setForAll(this.#plan.alerts);
    const wanted = this.#wanted();
    const withRules = wanted.flatMap(({ name, alerts: own }) => (own ? [[name, own] as const] : []));
    alerts.setOwn(new Map([...withRules, ...Object.entries(this.#managed.alerts)]));
    const withProfile = wanted.flatMap(({ name, profile }) => (profile ? [[name, profile] as const] : []));
    this.#options.profiles.plan = {
      all: this.#plan.profile,
      own: new Map<string, string | null>([...withProfile, ...Object.entries(this.#managed.profiles ?? {})]),
    };
    const own = new Map(wanted.map(({ name, keep }) => [name, keep]));
    for (const name of new Set([...this.#logged, ...own.keys()]))
      setRetention(name, keepMs(own.get(name) ?? this.#plan.keep));
  }
}

/** The sinks of a stream, without secrets, and how they are. */
export interface SinkStates {
  readonly sinks: (Omit<SinkEntry, 'secret'> & StreamSinkStatus & { readonly secret?: 'set' })[];
  readonly from: 'api' | 'config';
}

const keepMs = (keep: string | undefined): number | null =>
  keep === undefined ? null : (parseDuration(keep) ?? null);

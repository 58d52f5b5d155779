import { BlockList } from 'node:net';
import { dirname, resolve } from 'node:path';
import { defaultDataDir } from '../../log/log-files.ts';
import type { EngineName } from '../../model/engine.ts';
import type { MidiInSettings } from '../../sessions/midi-markers.ts';
import { parseSinkArgument } from '../../sinks/sink-argument.ts';
import type { SinkEntry } from '../../sinks/sink-entry.ts';
import { inFolder } from '../../sinks/sink-uri.ts';
import type { WebhookSettings } from '../../sinks/webhook.ts';
import type { PcmFormat, PcmLayout } from '../../stream/pcm.ts';
import { DEFAULT_REMOTE_SCHEMES } from '../../stream/sources/index.ts';
import { UserError } from '../../user-error.ts';
import { readTextSync } from '../../util/text.ts';
import { type Access, OPEN_ACCESS } from '../auth/access.ts';
import { addNet } from '../auth/address.ts';
import type { Tls } from '../http/http-server.ts';
import type { Limits } from '../limits.ts';
import type { LogFormat, LogLevel } from '../logger.ts';
import type { DailyReport } from '../reports/schema.ts';
import type { StreamPlan } from '../streams/stream-manager.ts';
import { readConfig } from './read-config.ts';
import type { Config } from './schema.ts';

/** The command-line options of `undertone serve`; absent if they were not given. */
export interface ServeOptions {
  readonly config?: string;
  readonly source?: readonly string[];
  readonly sink?: readonly string[];
  readonly midiIn?: string;
  readonly host?: string;
  readonly port?: number;
  readonly dataDir?: string;
  readonly passphraseFile?: string;
  readonly model?: string;
  readonly profile?: string;
  readonly engine?: EngineName | 'auto';
  readonly token?: string;
  readonly format?: PcmFormat;
  readonly rate?: number;
  readonly channels?: number;
  readonly logLevel?: LogLevel;
  readonly logFormat?: LogFormat;
}

/** All settings of `undertone serve`: from the command line, else from the configuration, else the defaults. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** File of the library; undefined: library.db in the data directory. */
  readonly library: string | undefined;
  readonly model: string;
  readonly engine: EngineName | 'auto';
  /** Most threads that analyze streams; undefined: by the number of cores. */
  readonly workers: number | undefined;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly stdin: PcmLayout | undefined;
  /** Encrypts the log, unless --passphrase-file or UNDERTONE_PASSPHRASE is given. */
  readonly passphrase: string | undefined;
  /** Sources given on the command line. */
  readonly sources: readonly string[];
  /** Whether the configuration has a list of streams, even an empty one. */
  readonly streamsNamed: boolean;
  readonly plan: StreamPlan;
  readonly webhooks: readonly WebhookSettings[];
  /** Reports of the day before, with the full paths of their folders. */
  readonly reports: readonly DailyReport[];
  /** The MIDI input that sets markers in sessions. */
  readonly midiIn: MidiInSettings | undefined;
  readonly tls: Tls | undefined;
  readonly access: Partial<Access>;
  /** Whether erasing a session also erases the frames of its range, unless the request specifies it. */
  readonly eraseFrames: boolean;
  /** Lines at the top of every report of a session. */
  readonly letterhead: readonly string[];
  readonly limits: Partial<Limits>;
  /** Whether streams continue from their states after a restart. */
  readonly warmRestart: boolean;
  /** Folder that paths of the configuration are relative to. */
  readonly folder: string | undefined;
}

/** @throws UserError `bad-config`, and those of the sources and alert rules */
export function readSettings(options: ServeOptions): Settings {
  const config: Config = options.config === undefined ? {} : readConfig(options.config);
  const folder = options.config === undefined ? undefined : dirname(resolve(options.config));
  const path = (value: string) => (folder === undefined ? value : resolve(folder, value));
  const dataDir = options.dataDir ?? (config.dataDir === undefined ? defaultDataDir() : path(config.dataDir));
  return {
    host: options.host ?? config.host ?? '127.0.0.1',
    port: options.port ?? config.port ?? 8787,
    dataDir,
    library: config.library === undefined ? undefined : path(config.library),
    model: options.model ?? config.model ?? 'undertone',
    engine: options.engine ?? config.engine ?? 'auto',
    workers: config.workers,
    logLevel: options.logLevel ?? config.logLevel ?? 'info',
    logFormat: options.logFormat ?? config.logFormat ?? 'auto',
    token: options.token || undefined,
    tokenFile: config.tokens?.file === undefined ? undefined : path(config.tokens.file),
    stdin: stdinOf(options, config),
    passphrase: config.passphrase && readSecret(config.passphrase, 'passphrase', path),
    sources: options.source ?? [],
    streamsNamed: config.streams !== undefined,
    plan: {
      streams: (config.streams ?? []).map(({ sinks, ...stream }, i) => ({
        ...stream,
        ...(sinks && { sinks: readSinks(sinks, `streams[${i}].sinks`, path) }),
      })),
      sinks: options.sink
        ? options.sink.map(parseSinkArgument)
        : readSinks(config.sinks ?? [], 'sinks', path),
      alerts: config.alerts ?? [],
      keep: config.keep,
      profile: options.profile ?? config.profile,
      remote: {
        schemes: config.remote?.schemes ?? DEFAULT_REMOTE_SCHEMES,
        folders: (config.remote?.folders ?? []).map(path),
        privateNetworks: nets(config.remote?.privateNetworks, 'remote.privateNetworks'),
      },
    },
    webhooks: (config.webhooks ?? []).map(({ name, url, secret, streams }, i) => ({
      name,
      url,
      secret: readSecret(secret, `webhooks[${i}].secret`, path),
      streams,
    })),
    reports: reportsOf(config, path),
    midiIn: options.midiIn === undefined ? config.midiIn : { ...config.midiIn, port: options.midiIn },
    tls: config.tls && {
      cert: readPem(path(config.tls.cert), 'tls.cert'),
      key: readPem(path(config.tls.key), 'tls.key'),
    },
    access: accessOf(config),
    eraseFrames: config.sessions?.eraseFrames ?? false,
    letterhead: config.sessions?.letterhead ?? [],
    limits: limitsOf(config.limits),
    warmRestart: config.warmRestart ?? true,
    folder,
  };
}

/** @throws UserError `bad-config` for a webhook that is not in the configuration */
function reportsOf({ reports = [], webhooks = [] }: Config, path: (value: string) => string): DailyReport[] {
  return reports.map((report, i) => {
    const { folder, webhook } = report;
    if (webhook !== undefined && !webhooks.some(({ name }) => name === webhook))
      throw new UserError(
        'bad-config',
        `reports[${i}].webhook: there is no webhook "${webhook}": name one of "webhooks".`,
      );
    return { ...report, ...(folder !== undefined && { folder: path(folder) }) };
  });
}

function readSinks(entries: readonly SinkEntry[], key: string, path: (value: string) => string): SinkEntry[] {
  return entries.map(({ secret, ...written }, i) => {
    const entry = { ...written, sink: inFolder(written.sink, path) };
    if (secret === undefined) return entry;
    const text = typeof secret === 'string' ? secret : readSecret(secret, `${key}[${i}].secret`, path);
    return { ...entry, secret: text };
  });
}

function stdinOf(options: ServeOptions, { stdin }: Config): PcmLayout | undefined {
  const format = options.format ?? stdin?.format;
  if (format === undefined) return undefined;
  const sampleRateHz = options.rate ?? stdin?.rate ?? 44_100;
  return { format, sampleRateHz, channels: options.channels ?? stdin?.channels ?? 2 };
}

function accessOf({ tokens, origins, hosts, proxies, limits }: Config): Partial<Access> {
  const defaults = OPEN_ACCESS.requestsPerMinute;
  return {
    tokensRequired: tokens?.required ?? false,
    origins: origins ?? [],
    hosts: hosts ?? [],
    proxies: nets(proxies, 'proxies'),
    requestsPerMinute: {
      address: limits?.requestsPerMinute ?? defaults.address,
      token: limits?.requestsPerMinuteAndToken ?? defaults.token,
    },
  };
}

/** Only the limits that the configuration sets. */
function limitsOf(limits: Config['limits'] = {}): Partial<Limits> {
  const { streams, sockets, socketsPerAddress, connectionsPerAddress, analyses, analyzeMegabytes } = limits;
  return {
    ...(streams && { streams }),
    ...(sockets && { sockets }),
    ...(socketsPerAddress && { socketsPerAddress }),
    ...(connectionsPerAddress && { connectionsPerAddress }),
    ...(analyses && { analyses }),
    ...(analyzeMegabytes && { analyzeBytes: analyzeMegabytes * 1024 * 1024 }),
  };
}

function nets(list: readonly string[] | undefined, key: string): BlockList {
  const nets = new BlockList();
  for (const [i, net] of (list ?? []).entries()) {
    if (!addNet(nets, net)) throw wrong(`${key}[${i}]`, `expected an address or a network, but got "${net}"`);
  }
  return nets;
}

function readSecret(
  from: { readonly env: string } | { readonly file: string },
  key: string,
  path: (value: string) => string,
): string {
  // The first line, like --passphrase-file of the other commands.
  const value = 'env' in from ? process.env[from.env] : readText(path(from.file), key).split(/\r?\n/, 1)[0];
  if (value) return value;
  throw wrong(key, 'env' in from ? `the variable ${from.env} is not set` : `the file ${from.file} is empty`);
}

function readPem(file: string, key: string): Buffer {
  const text = readText(file, key);
  if (text.includes('-----BEGIN ')) return Buffer.from(text);
  throw wrong(key, `expected a PEM file, which begins with "-----BEGIN", but ${file} does not`);
}

function readText(file: string, key: string): string {
  try {
    return readTextSync(file);
  } catch (cause) {
    throw wrong(key, `the file ${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
}

const wrong = (key: string, what: string, cause?: unknown) =>
  new UserError('bad-config', `The configuration is invalid: ${key}: ${what}.`, { cause });

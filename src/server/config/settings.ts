import { readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { dirname, resolve } from 'node:path';
import { defaultDataDir } from '../../log/log-files.ts';
import type { EngineName } from '../../model/engine.ts';
import type { WebhookSettings } from '../../sinks/webhook.ts';
import type { PcmInput } from '../../stream/sources/stdin.ts';
import { UserError } from '../../user-error.ts';
import { type Access, OPEN_ACCESS } from '../auth/access.ts';
import { addNet } from '../auth/address.ts';
import type { Limits } from '../limits.ts';
import type { LogFormat, LogLevel } from '../logger.ts';
import { DEFAULT_SCHEMES } from '../streams/remote-source.ts';
import type { StreamPlan } from '../streams/stream-manager.ts';
import { readConfig } from './read-config.ts';
import type { Config } from './schema.ts';
import type { ServeOptions } from './serve-options.ts';

/** What `undertone serve` does: the command line, then the configuration, then what is usual. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly model: string;
  readonly engine: EngineName | 'auto';
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly stdin: PcmInput | undefined;
  /** Encrypts the log, where neither --passphrase-file nor UNDERTONE_PASSPHRASE does. */
  readonly passphrase: string | undefined;
  /** Of the command line. */
  readonly sources: readonly string[];
  /** Whether the configuration says which streams there are, even if none. */
  readonly streamsNamed: boolean;
  readonly plan: StreamPlan;
  readonly webhooks: readonly WebhookSettings[];
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  readonly access: Partial<Access>;
  /** Erasing a session erases the frames of its range too, where the request does not say. */
  readonly eraseFrames: boolean;
  readonly limits: Partial<Limits>;
  /** Where relative paths of the configuration begin. */
  readonly folder: string | undefined;
}

/** @throws UserError `bad-config`, or what else of it cannot be used */
export function readSettings(options: ServeOptions): Settings {
  const config: Config = options.config === undefined ? {} : readConfig(options.config);
  const folder = options.config === undefined ? undefined : dirname(resolve(options.config));
  const path = (value: string) => (folder === undefined ? value : resolve(folder, value));
  const dataDir = options.dataDir ?? (config.dataDir === undefined ? defaultDataDir() : path(config.dataDir));
  return {
    host: options.host ?? config.host ?? '127.0.0.1',
    port: options.port ?? config.port ?? 8787,
    dataDir,
    model: options.model ?? config.model ?? 'undertone',
    engine: options.engine ?? config.engine ?? 'auto',
    logLevel: options.logLevel ?? config.logLevel ?? 'info',
    logFormat: options.logFormat ?? config.logFormat ?? 'auto',
    token: options.token || undefined,
    tokenFile: config.tokens?.file === undefined ? undefined : path(config.tokens.file),
    stdin: stdinOf(options, config),
    passphrase: config.passphrase && readSecret(config.passphrase, 'passphrase', path),
    sources: options.source ?? [],
    streamsNamed: config.streams !== undefined,
    plan: {
      streams: config.streams ?? [],
      alerts: config.alerts ?? [],
      keep: config.keep,
      remote: {
        schemes: config.remote?.schemes ?? DEFAULT_SCHEMES,
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
    tls: config.tls && {
      cert: readPem(path(config.tls.cert), 'tls.cert'),
      key: readPem(path(config.tls.key), 'tls.key'),
    },
    access: accessOf(config),
    eraseFrames: config.sessions?.eraseFrames ?? false,
    limits: limitsOf(config.limits),
    folder,
  };
}

function stdinOf(options: ServeOptions, { stdin }: Config): PcmInput | undefined {
  const format = options.format ?? stdin?.format;
  if (format === undefined) return undefined;
  const sampleRateHz = options.rate ?? stdin?.rate ?? 44_100;
  return { format, sampleRateHz, channels: options.channels ?? stdin?.channels ?? 2 };
}

function accessOf({ tokens, origins, hosts, proxies, limits }: Config): Partial<Access> {
  const usual = OPEN_ACCESS.requestsPerMinute;
  return {
    tokensDemanded: tokens?.required ?? false,
    origins: origins ?? [],
    hosts: hosts ?? [],
    proxies: nets(proxies, 'proxies'),
    requestsPerMinute: {
      address: limits?.requestsPerMinute ?? usual.address,
      token: limits?.requestsPerMinuteAndToken ?? usual.token,
    },
  };
}

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
    if (!addNet(nets, net)) throw wrong(`${key}[${i}]`, `expected an address or a net, but got "${net}"`);
  }
  return nets;
}

function readSecret(
  from: { readonly env: string } | { readonly file: string },
  key: string,
  path: (value: string) => string,
): string {
  // The first line, as it stands: --passphrase-file, which the other commands have, reads the same of the same file.
  const value = 'env' in from ? process.env[from.env] : readText(path(from.file), key).split(/\r?\n/, 1)[0];
  if (value) return value;
  throw wrong(key, 'env' in from ? `the variable ${from.env} is not set` : `the file ${from.file} is empty`);
}

function readPem(file: string, key: string): Buffer {
  const text = readText(file, key);
  if (text.includes('-----BEGIN ')) return Buffer.from(text);
  throw wrong(key, `expected a PEM file, which begins with "-----BEGIN", but ${file} is none`);
}

function readText(file: string, key: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw wrong(key, `the file ${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
}

const wrong = (key: string, what: string, cause?: unknown) =>
  new UserError('bad-config', `The configuration is wrong: ${key}: ${what}.`, { cause });

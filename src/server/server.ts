import type { Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { BlockList } from 'node:net';
import { join } from 'node:path';
import { createAdaptorServer, type WebSocketServerLike } from '@hono/node-server';
import { type Logger, pino } from 'pino';
import { Log } from '../log/log.ts';
import { Sessions } from '../sessions/sessions.ts';
import { Alerts } from '../sinks/alerts/alerts.ts';
import { createFanOut, type FanOut } from '../sinks/fan-out.ts';
import { createSinks } from '../sinks/index.ts';
import type { WebhookSettings } from '../sinks/webhook.ts';
import { createWebhooks } from '../sinks/webhooks.ts';
import type { ServerNotice, Source } from '../types.ts';
import { UserError } from '../user-error.ts';
import { VERSION } from '../util/package.ts';
import type { Analyzer } from './analyze/analyze.ts';
import { type Access, OPEN_ACCESS } from './auth/access.ts';
import { AUDIT_FILE, Audit } from './auth/audit.ts';
import { AuthMiddleware } from './auth/middleware.ts';
import { OpenRequests } from './auth/open-requests.ts';
import { isLoopback } from './auth/origin.ts';
import { TOKEN_FILE } from './auth/token-file.ts';
import { Tokens } from './auth/tokens.ts';
import { AddressCount } from './http/address-count.ts';
import { createApp } from './http/app.ts';
import { CLOSE_CODES, closeSoon } from './http/close-socket.ts';
import { DASHBOARD_FOLDER } from './http/dashboard-files.ts';
import { limitConnections, listen } from './http/listen.ts';
import { declineOtherUpgrades, Sockets, startHeartbeat } from './http/sockets.ts';
import { LIMITS, type Limits } from './limits.ts';
import { Live } from './live/live.ts';
import { Metrics } from './metrics/metrics.ts';
import { Hub, type StartTracker } from './streams/hub.ts';
import { MANAGED_FILE } from './streams/managed-file.ts';
import { type OpenStream, StreamManager, type StreamPlan } from './streams/stream-manager.ts';

export interface ServerOptions {
  readonly startTracker: StartTracker;
  readonly analyzer: Analyzer;
  /** Names for the log and the hello. */
  readonly model: string;
  readonly engine: string;
  /** Where the log lies. */
  readonly dataDir: string;
  /** Started with the server. */
  readonly sources?: readonly { readonly name: string; readonly source: Source }[];
  readonly host?: string;
  /** 0 for any that is free. */
  readonly port?: number;
  /** A token that allows everything; demanded of every client, where given. */
  readonly token?: string | undefined;
  /** Where `undertone token` keeps its tokens; else in the data directory. */
  readonly tokenFile?: string | undefined;
  /** Tokens are demanded in any case where `host` is not loopback, or `token` is given. */
  readonly access?: Partial<Access>;
  /** Streams to be kept going, rules and what may be added; without it none of all that. */
  readonly plan?: StreamPlan;
  /** Makes the sources of the plan and of those that clients add; without it none can be added. */
  readonly open?: OpenStream;
  readonly webhooks?: readonly WebhookSettings[];
  /** Encrypts the log. */
  readonly passphrase?: string | undefined;
  /** PEM; without it the server speaks HTTP. */
  readonly tls?: Tls | undefined;
  readonly dashboardFolder?: string;
  /** Whether erasing a session erases the frames of its range too, where the request does not say. */
  readonly eraseFrames?: boolean;
  readonly limits?: Partial<Limits>;
  readonly logger?: Logger;
}

interface Tls {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** What can be changed while the server runs. */
export type Reloadable = Required<Pick<ServerOptions, 'plan' | 'webhooks' | 'access'>> & {
  readonly tls: Tls | undefined;
};

export interface RunningServer {
  /** `http://127.0.0.1:8787/` */
  readonly url: string;
  readonly port: number;
  readonly hub: Hub;
  /** Further sinks can be added while the server runs. */
  readonly sinks: Pick<FanOut, 'add' | 'counters'>;
  /** Every route, for tests that go through all of them. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /** Goes over to another configuration; what is the same in both goes on without a hole. */
  reload(next: Reloadable): Promise<void>;
  /** Ends the sources, flushes the log, closes sockets and sinks; within `limits.closeMs`. */
  close(): Promise<void>;
}

const DEFAULTS = { host: '127.0.0.1', port: 8787, dashboardFolder: DASHBOARD_FOLDER };

export async function createServer(options: ServerOptions): Promise<RunningServer> {
  const { host, port, dashboardFolder, startTracker, model } = { ...DEFAULTS, ...options };
  const limits: Limits = { ...LIMITS, ...options.limits };
  const logger = options.logger ?? pino({ level: 'silent' });
  const about = { version: VERSION, model, engine: options.engine };
  const tokens = new Tokens({
    file: options.tokenFile ?? join(options.dataDir, TOKEN_FILE),
    master: options.token,
    onFault: (err) => logger.error(err instanceof UserError ? err.message : err),
  });
  if (!isLoopback(host) && !tokens.any) {
    throw new UserError(
      'usage',
      `Listening on ${host} lets others in, so a token is needed: make one with "undertone token create", give one with --token or UNDERTONE_TOKEN, or listen on 127.0.0.1.`,
    );
  }
  const accessOf = (given: Partial<Access> = {}): Access => ({
    ...OPEN_ACCESS,
    ...given,
    tokensDemanded: given.tokensDemanded || !isLoopback(host) || options.token !== undefined,
  });
  let access = accessOf(options.access);

  const log = new Log({
    dataDir: options.dataDir,
    onNotice: tell,
    onFlush: (ms, messages) => metrics.flushed(ms, messages),
    onFault: (err) => logger.error({ err }, 'The upkeep of the log has failed; what is written is safe.'),
    passphrase: options.passphrase,
  });
  const alerts = new Alerts();
  const sinks = createFanOut({ transform: (message) => alerts.transform(message), logger });
  const hub = new Hub({ startTracker, log, sinks, model, limits, alerts });
  const webhooks = createWebhooks(options.webhooks ?? [], logger);
  const live = new Live({ hub, log, limits, about });
  const sessions = new Sessions({
    log,
    hasStream: (name) => hub.get(name) !== undefined,
    maxMarkers: limits.markers,
    eraseFrames: options.eraseFrames,
    onChange: (notice) => live.session(notice),
  });
  const sockets = new Sockets(limits);
  const audit = new Audit(join(options.dataDir, AUDIT_FILE), logger);
  const open = new OpenRequests(tokens);
  const auth = new AuthMiddleware({
    tokens,
    access: () => access,
    audit,
    open,
    host,
    port: () => boundPort(server),
  });
  const socketCount = new AddressCount({ perAddress: limits.socketsPerAddress, total: limits.sockets });
  const metrics = new Metrics({ hub, log, live, sockets: socketCount, auth, alerts, sinks, webhooks }, about);
  const manager = new StreamManager(options.plan ?? NO_PLAN, {
    hub,
    alerts,
    open: options.open ?? cannotOpen,
    file: join(options.dataDir, MANAGED_FILE),
    setKeep: (stream, ms) => log.setKeep(stream, ms),
    logger,
  });
  const onStreamStarted = (stream: string) => manager.began(stream);
  for (const sink of createSinks({ log, live, logger, metrics, webhooks, onStreamStarted })) sinks.add(sink);

  const app = createApp({
    hub,
    manager,
    live,
    log,
    sessions,
    limits,
    logger,
    about,
    dashboardFolder,
    auth,
    sockets: socketCount,
    metrics,
    analyze: { analyzer: options.analyzer, limits, folder: join(options.dataDir, 'uploads') },
  });
  const server = createAdaptorServer({
    fetch: app.fetch,
    websocket: { server: sockets as WebSocketServerLike },
    ...(options.tls && { createServer: createTlsServer, serverOptions: options.tls }),
  }) as Server;
  limitConnections(server, limits.connectionsPerAddress, () => access.proxies);
  declineOtherUpgrades(server);
  sockets.on('connection', (socket, request) => open.opened(socket, request));
  const stopHeartbeat = startHeartbeat(() => sockets.all(), limits.pingMs);

  try {
    await listen(server, host, port);
    for (const { name, source } of options.sources ?? []) hub.add(name, source);
    manager.start(log.history.streams());
  } catch (error) {
    await close();
    throw error;
  }

  let closing: Promise<void> | undefined;
  return {
    url: `${options.tls ? 'https' : 'http'}://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${boundPort(server)}/`,
    port: boundPort(server),
    hub,
    sinks,
    routes: app.routes,
    async reload(next) {
      // What can fail comes first, so that all of it is taken over or nothing.
      if (next.tls && options.tls) takeTls(server as TlsServer, next.tls);
      const demanded = access.tokensDemanded;
      access = accessOf(next.access);
      if (demanded && !access.tokensDemanded)
        logger.warn(
          'The configuration demands no tokens any more: whoever reaches this server may use its API.',
        );
      webhooks.set(next.webhooks);
      audit.record({ what: 'reload', who: 'SIGHUP', from: 'local' });
      await manager.reload(next.plan);
    },
    close: () => (closing ??= close()),
  };

  function tell(notice: ServerNotice): void {
    logger[notice.code === 'log-restored' ? 'info' : 'error']({ code: notice.code }, notice.message);
    live.notice(notice);
  }

  async function close(): Promise<void> {
    server.close();
    manager.close();
    webhooks.close(); // Before the streams stop: alerts that this clears are not sent.
    // A source that does not let go must not hold up the goodbye.
    await Promise.race([hub.close(), after(limits.closeMs / 2)]);
    log.flush();
    for (const socket of sockets.all())
      closeSoon(socket, CLOSE_CODES['going-away'], 'The server is going down.');
    const deadline = performance.now() + limits.closeMs / 4;
    while ([...sockets.all()].length > 0 && performance.now() < deadline) await after(10);
    for (const socket of sockets.all()) socket.terminate();
    stopHeartbeat();
    await sinks.close(limits.closeMs / 8);
    open.close();
    tokens.close();
    server.closeAllConnections();
    log.close();
  }
}

const boundPort = (server: Server): number => {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
};

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const NO_PLAN: StreamPlan = {
  streams: [],
  alerts: [],
  keep: undefined,
  remote: { schemes: [], folders: [], privateNetworks: new BlockList() },
};

const cannotOpen: OpenStream = async () => {
  throw new UserError('source-not-allowed', 'No streams can be added to this server.');
};

function takeTls(server: TlsServer, tls: Tls): void {
  try {
    server.setSecureContext(tls);
  } catch (cause) {
    throw new UserError(
      'bad-config',
      'The configuration is wrong: "tls.cert" and "tls.key" do not belong together.',
      {
        cause,
      },
    );
  }
}

import type { Server } from 'node:http';
import { join } from 'node:path';
import { createAdaptorServer, type WebSocketServerLike } from '@hono/node-server';
import { type Logger, pino } from 'pino';
import type { ServerNotice, Source } from '../types.ts';
import { UserError } from '../user-error.ts';
import { VERSION } from '../version.ts';
import type { Analyzer } from './analyze.ts';
import { createApp } from './app.ts';
import { type Access, OPEN_ACCESS } from './auth/access.ts';
import { AUDIT_FILE, Audit } from './auth/audit.ts';
import { Gate } from './auth/gate.ts';
import { OpenRequests } from './auth/open-requests.ts';
import { TOKEN_FILE } from './auth/token-file.ts';
import { Tokens } from './auth/tokens.ts';
import { CLOSE_CODES } from './close-codes.ts';
import { closeSoon } from './close-with-fault.ts';
import { DASHBOARD_FOLDER } from './dashboard-files.ts';
import { eventLogger } from './event-logger.ts';
import { startHeartbeat } from './heartbeat.ts';
import { Hub, type StartTracker } from './hub.ts';
import { LIMITS, type Limits } from './limits.ts';
import { Live } from './live.ts';
import { Log } from './log/log.ts';
import { isLoopback } from './origin.ts';
import { Sessions } from './sessions/sessions.ts';
import { SocketCount } from './socket-count.ts';
import { Sockets } from './sockets.ts';
import { declineOtherUpgrades } from './upgrade.ts';

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
  readonly dashboardFolder?: string;
  /** Whether erasing a session erases the frames of its range too, where the request does not say. */
  readonly eraseFrames?: boolean;
  readonly limits?: Partial<Limits>;
  readonly logger?: Logger;
}

export interface RunningServer {
  /** `http://127.0.0.1:8787/` */
  readonly url: string;
  readonly port: number;
  readonly hub: Hub;
  /** Every route, for tests that go through all of them. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /** Ends the sources, writes the log out, says goodbye to all clients; within `limits.closeMs`. */
  close(): Promise<void>;
}

const DEFAULTS = { host: '127.0.0.1', port: 8787, dashboardFolder: DASHBOARD_FOLDER };

export async function createServer(options: ServerOptions): Promise<RunningServer> {
  const { host, port, dashboardFolder } = { ...DEFAULTS, ...options };
  const limits: Limits = { ...LIMITS, ...options.limits };
  const logger = options.logger ?? pino({ level: 'silent' });
  const about = { version: VERSION, model: options.model, engine: options.engine };
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
  const access: Access = {
    ...OPEN_ACCESS,
    ...options.access,
    tokensDemanded: options.access?.tokensDemanded || !isLoopback(host) || options.token !== undefined,
  };

  const log = new Log({ dataDir: options.dataDir, onNotice: tell });
  const hub = new Hub({ startTracker: options.startTracker, log, model: options.model, limits });
  const live = new Live({ hub, log, limits, about });
  const sessions = new Sessions({
    hub,
    log,
    limits,
    eraseFrames: options.eraseFrames,
    onChange: (notice) => live.session(notice),
  });
  const sockets = new Sockets(limits);
  const audit = new Audit(join(options.dataDir, AUDIT_FILE), logger);
  const open = new OpenRequests(tokens);
  const gate = new Gate({ tokens, access: () => access, audit, open, host, port: () => boundPort(server) });
  const app = createApp({
    hub,
    live,
    log,
    sessions,
    limits,
    logger,
    about,
    dashboardFolder,
    gate,
    sockets: new SocketCount(limits),
    analyze: { analyzer: options.analyzer, limits, folder: join(options.dataDir, 'uploads') },
  });
  const logEvent = eventLogger(logger);
  const server = createAdaptorServer({
    fetch: app.fetch,
    websocket: { server: sockets as WebSocketServerLike },
  }) as Server;
  declineOtherUpgrades(server);
  sockets.on('connection', (socket, request) => open.opened(socket, request));
  hub.listen(({ message }) => logEvent(message));

  const stopHeartbeat = startHeartbeat(() => sockets.all(), limits.pingMs);

  try {
    await listen(server, host, port);
    for (const { name, source } of options.sources ?? []) hub.add(name, source);
  } catch (error) {
    await close();
    throw error;
  }

  let closing: Promise<void> | undefined;
  return {
    url: `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${boundPort(server)}/`,
    port: boundPort(server),
    hub,
    routes: app.routes,
    close: () => (closing ??= close()),
  };

  function tell(notice: ServerNotice): void {
    logger[notice.code === 'log-restored' ? 'info' : 'error']({ code: notice.code }, notice.message);
    live.notice(notice);
  }

  async function close(): Promise<void> {
    server.close();
    // A source that does not let go must not hold up the goodbye.
    await Promise.race([hub.close(), after(limits.closeMs / 2)]);
    log.flush();
    for (const socket of sockets.all())
      closeSoon(socket, CLOSE_CODES['going-away'], 'The server is going down.');
    const deadline = performance.now() + limits.closeMs / 4;
    while ([...sockets.all()].length > 0 && performance.now() < deadline) await after(10);
    for (const socket of sockets.all()) socket.terminate();
    stopHeartbeat();
    live.close();
    open.close();
    tokens.close();
    server.closeAllConnections();
    log.close();
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new UserError(
        'port-in-use',
        `Port ${port} is in use, perhaps by another undertone: stop that, or choose another with --port.`,
        { cause: error },
      );
    case 'EACCES':
      return new UserError(
        'port-forbidden',
        `Port ${port} may not be opened by this user: choose one from 1024 up with --port.`,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UserError(
        'bad-host',
        `The address ${host} is not one of this computer's: choose another with --host.`,
        { cause: error },
      );
    default:
      return error;
  }
}

const boundPort = (server: Server): number => {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
};

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

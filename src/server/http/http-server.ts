import type { IncomingMessage, Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { BlockList } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdaptorServer, type WebSocketServerLike } from '@hono/node-server';
import type { WebSocket } from 'ws';
import { UserError } from '../../user-error.ts';
import type { Limits } from '../limits.ts';
import { CLOSE_CODES, closeSoon } from './close-socket.ts';
import { limitConnections, listen } from './listen.ts';
import type { App } from './route.ts';
import { answerUpgrades, Sockets, startHeartbeat } from './sockets.ts';

/** Node.js checks the timeouts of requests (listen.ts) only every 30 s by default. */
const TIMEOUT_CHECK_MS = 2_000;

/** PEM. */
export interface Tls {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly limits: Limits;
  readonly tls: Tls | undefined;
  readonly proxies: () => BlockList;
  /** Called for each WebSocket when it is open. */
  readonly onSocket: (socket: WebSocket, request: IncomingMessage) => void;
}

/** The HTTP or HTTPS server with its WebSockets. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #sockets: Sockets;
  readonly #server: Server;
  readonly #stopHeartbeat: () => void;

  constructor(app: App, options: HttpServerOptions) {
    const { limits, tls, proxies, onSocket } = options;
    this.#options = options;
    this.#sockets = new Sockets(limits);
    this.#sockets.on('connection', onSocket);
    this.#server = createAdaptorServer({
      fetch: app.fetch,
      websocket: { server: this.#sockets as WebSocketServerLike },
      serverOptions: { connectionsCheckingInterval: TIMEOUT_CHECK_MS, ...tls },
      ...(tls && { createServer: createTlsServer }),
    }) as Server;
    const { connectionsPerAddress: perAddress, connectionsPerLoopback: perLoopback } = limits;
    limitConnections(this.#server, { perAddress, perLoopback }, proxies);
    answerUpgrades(this.#server);
    this.#stopHeartbeat = startHeartbeat(this.#sockets, limits.pingMs);
  }

  /** @throws UserError `port-in-use`, `port-forbidden`, `bad-host` */
  listen(): Promise<void> {
    return listen(this.#server, this.#options.host, this.#options.port);
  }

  /** The port that the server listens on; 0 before it listens. */
  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  /** `http://127.0.0.1:8787/` */
  get url(): string {
    const { host, tls } = this.#options;
    const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
    return `${tls ? 'https' : 'http'}://${name}:${this.port}/`;
  }

  /**
   * Replaces the certificate for new connections. Without effect if either side has none.
   *
   * @throws UserError `bad-config`
   */
  replaceTls(tls: Tls | undefined): void {
    if (!tls || !this.#options.tls) return;
    try {
      (this.#server as TlsServer).setSecureContext(tls);
    } catch (cause) {
      const message = 'The configuration is invalid: "tls.cert" and "tls.key" do not belong together.';
      throw new UserError('bad-config', message, { cause });
    }
  }

  /** Stops accepting connections; open ones continue. */
  stopListening(): void {
    this.#server.close();
  }

  /** Closes all WebSockets, and terminates those that are still open after `closeMs`. */
  async closeSockets(closeMs: number): Promise<void> {
    for (const socket of this.#sockets.all())
      closeSoon(socket, CLOSE_CODES['going-away'], 'The server is shutting down.');
    const deadline = performance.now() + closeMs;
    while ([...this.#sockets.all()].length > 0 && performance.now() < deadline) await sleep(10);
    for (const socket of this.#sockets.all()) socket.terminate();
    this.#stopHeartbeat();
  }

  closeConnections(): void {
    this.#server.closeAllConnections();
  }
}

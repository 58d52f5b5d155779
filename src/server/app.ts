import { type HttpBindings, upgradeWebSocket } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { Logger } from 'pino';
import { type AnalyzeOptions, createAnalyze } from './analyze.ts';
import { dashboardFiles } from './dashboard-files.ts';
import { emotions } from './emotions.ts';
import type { Hub } from './hub.ts';
import { ingest } from './ingest.ts';
import type { Limits } from './limits.ts';
import type { Live } from './live.ts';
import type { Log } from './log/log.ts';
import { isAllowedHost, isAllowedOrigin } from './origin.ts';
import { Problem, problemResponse } from './problem.ts';
import { refuseSocket } from './refuse-socket.ts';
import { explain, liveQuery } from './schemas.ts';
import { securityHeaders } from './security-headers.ts';
import type { SocketCount } from './socket-count.ts';
import { storedStream } from './stored-stream.ts';
import { hasToken } from './token.ts';

type Env = { Bindings: HttpBindings };

export interface AppOptions {
  readonly hub: Hub;
  readonly live: Live;
  readonly log: Log;
  readonly analyze: AnalyzeOptions;
  readonly limits: Limits;
  readonly sockets: SocketCount;
  readonly logger: Logger;
  readonly about: { readonly version: string; readonly model: string; readonly engine: string };
  readonly dashboardFolder: string;
  readonly host: string;
  /** Known once the server listens. */
  readonly port: () => number;
  readonly token?: string | undefined;
}

/** Every route, and who may take it. */
export function createApp(options: AppOptions): Hono<Env> {
  const { hub, live, log, limits, about, host, port, token, logger } = options;
  const app = new Hono<Env>();

  app.use(securityHeaders);
  app.use(checkHost);
  app.use(checkOrigin);

  app.get('/healthz', (c) => {
    const status = log.failing ? 'degraded' : 'ok';
    return c.json({
      status,
      version: about.version,
      log: log.failing ? 'failing' : 'ok',
      logDropped: log.dropped,
      streams: hub.running,
    });
  });

  app.use('/v1/*', checkToken);
  app.get('/v1/live', takeSocket, (c, next) => {
    const query = liveQuery.safeParse(c.req.query());
    const events = query.success
      ? live.client(query.data)
      : refuseSocket('bad-request', `The request is wrong: ${explain(query.error)}.`);
    return upgradeWebSocket(() => events)(c, next);
  });
  app.get('/v1/streams/:name/audio', takeSocket, (c, next) =>
    upgradeWebSocket(() => ingest(c.req.param('name') ?? '', { hub, limits }))(c, next),
  );
  app.get('/v1/streams', (c) => c.json({ streams: hub.list() }));
  app.get('/v1/streams/:name', (c) => c.json(known(c.req.param('name'))));
  app.get('/v1/streams/:name/emotions', (c) => emotions(c, known(c.req.param('name')).stream, log));
  app.post('/v1/analyze', createAnalyze(options.analyze));
  app.all('/v1/analyze', () => {
    throw new Problem(405, 'method', 'Send the audio file with POST.', { Allow: 'POST' });
  });

  app.get('*', dashboardFiles(options.dashboardFolder));
  app.notFound((c) =>
    problemResponse(c, new Problem(404, 'not-found', `There is nothing at ${c.req.path}.`)),
  );
  app.onError((error, c) => {
    if (error instanceof Problem) return problemResponse(c, error);
    logger.error({ err: error, path: c.req.path }, 'A request failed.');
    return problemResponse(
      c,
      new Problem(500, 'internal', 'The server failed on this request; its log says why.'),
    );
  });
  return app;

  function known(name: string) {
    const stream = hub.get(name) ?? storedStream(log, name);
    if (stream) return stream;
    throw new Problem(
      404,
      'unknown-stream',
      `There is no stream "${name}": /v1/streams lists the ones there are.`,
    );
  }

  /** A place for one more socket, given back when its connection closes. */
  async function takeSocket(c: Context<Env>, next: () => Promise<void>): Promise<void> {
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
      throw new Problem(426, 'websocket', 'This is a WebSocket: connect with ws://.', {
        Upgrade: 'websocket',
      });
    }
    const { socket } = c.env.incoming;
    const release = options.sockets.take(socket.remoteAddress ?? '');
    if (!release)
      throw new Problem(
        503,
        'too-many-sockets',
        'This server has all the clients it can take: close some first.',
      );
    socket.once('close', release);
    await next();
  }

  async function checkHost(c: Context<Env>, next: () => Promise<void>): Promise<void> {
    if (!isAllowedHost(c.req.header('host') ?? new URL(c.req.url).host, host)) {
      throw new Problem(
        421,
        'wrong-host',
        'This server listens on this computer only: address it as localhost.',
      );
    }
    await next();
  }

  /** Reading is left to the browser's own rule: without CORS headers no other page can see an answer. */
  async function checkOrigin(c: Context<Env>, next: () => Promise<void>): Promise<void> {
    const reads =
      (c.req.method === 'GET' || c.req.method === 'HEAD') && c.req.header('upgrade') === undefined;
    if (!reads && !isAllowedOrigin(c.req.header('origin'), c.req.header('host'), port())) {
      throw new Problem(403, 'wrong-origin', 'Pages of other sites may not use this server.');
    }
    await next();
  }

  async function checkToken(c: Context<Env>, next: () => Promise<void>): Promise<void> {
    const given = { authorization: c.req.header('authorization'), query: c.req.query('token') };
    if (token !== undefined && !hasToken(token, given)) {
      throw new Problem(
        401,
        'no-token',
        'A valid token is needed: send "Authorization: Bearer TOKEN", or ?token=TOKEN.',
        {
          'WWW-Authenticate': 'Bearer',
        },
      );
    }
    await next();
  }
}

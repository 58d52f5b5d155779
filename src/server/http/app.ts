import { upgradeWebSocket } from '@hono/node-server';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import type { Log } from '../../log/log.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import { type AnalyzeOptions, createAnalyze } from '../analyze/analyze.ts';
import { analyze } from '../analyze/routes.ts';
import type { AuthMiddleware } from '../auth/middleware.ts';
import { ingest } from '../ingest/ingest.ts';
import type { Limits } from '../limits.ts';
import type { Live } from '../live/live.ts';
import * as liveRoutes from '../live/routes.ts';
import { lastEventId, liveQuery } from '../live/routes.ts';
import { serverHandlers } from '../metrics/handlers.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { docsPage } from '../metrics/routes.ts';
import { sessionHandlers } from '../sessions/handlers.ts';
import { streamHandlers } from '../streams/handlers.ts';
import type { Hub } from '../streams/hub.ts';
import { emotions, rangeOf, storedStream } from '../streams/logged-stream.ts';
import * as streamRoutes from '../streams/routes.ts';
import type { StreamManager } from '../streams/stream-manager.ts';
import type { AddressCount } from './address-count.ts';
import { dashboardFiles, docsFile, securityHeaders } from './dashboard-files.ts';
import { openapiHandler } from './openapi.ts';
import { badRequest, Problem, problemOf, problemResponse } from './problem.ts';
import { refuseSocket, refuseUpgrade } from './refuse-socket.ts';
import type { Env } from './route.ts';
import { asMade } from './route.ts';
import { methodsAt } from './route-table.ts';

export interface AppOptions {
  readonly hub: Hub;
  readonly manager: StreamManager;
  readonly live: Live;
  readonly log: Log;
  readonly sessions: Sessions;
  readonly analyze: AnalyzeOptions;
  readonly limits: Limits;
  readonly sockets: AddressCount;
  readonly logger: Logger;
  readonly about: { readonly version: string; readonly model: string; readonly engine: string };
  readonly dashboardFolder: string;
  readonly auth: AuthMiddleware;
  readonly metrics: Metrics;
}

/** Every route, and who may take it. */
export function createApp(options: AppOptions): OpenAPIHono<Env> {
  const { hub, live, log, limits, auth, logger } = options;
  const app = new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw badRequest(result.error, (result as { data?: unknown }).data);
    },
  });

  app.use(securityHeaders);
  app.use(...auth.everywhere);
  serverHandlers(app, options);

  app.use('/v1/*', ...auth.forTokens);
  app.use('/v1/*', limitBody);

  app.openAPIRegistry.registerPath(liveRoutes.live);
  app.get('/v1/live', takeSocket, (c, next) => {
    const query = liveQuery.safeParse(c.req.query());
    const events = query.success
      ? live.client(query.data)
      : refuseSocket(badRequest(query.error, c.req.query()));
    return upgradeWebSocket(() => events)(c, next);
  });
  app.openapi(liveRoutes.liveEvents, (c) => {
    const release = takePlace(c);
    const since = lastEventId.parse(c.req.header('last-event-id')) ?? c.req.valid('query').since;
    c.header('Content-Type', 'text/event-stream');
    c.header('Cache-Control', 'no-store');
    c.header('X-Accel-Buffering', 'no'); // A proxy that gathers would hold events back.
    return asMade(c.body(live.events({ ...c.req.valid('query'), since }, release)));
  });
  app.openAPIRegistry.registerPath(streamRoutes.sendAudio);
  app.get('/v1/streams/:name/audio', takeSocket, (c, next) =>
    upgradeWebSocket(() => ingest(c.req.param('name') ?? '', { hub, limits }))(c, next),
  );
  app.openapi(streamRoutes.listStreams, (c) => c.json({ streams: hub.list() }, 200));
  app.openapi(streamRoutes.getStream, (c) => c.json(known(c.req.valid('param').name), 200));
  app.openapi(streamRoutes.getEmotions, (c) => {
    const { stream } = known(c.req.valid('param').name);
    const query = c.req.valid('query');
    return asMade(emotions(c, { stream, range: rangeOf(query), query }, log));
  });
  const analyzeFile = createAnalyze(options.analyze);
  app.openapi(analyze, (c) => asMade(analyzeFile(c, c.req.valid('query').format)));

  sessionHandlers(app, options);
  streamHandlers(app, options);
  openapiHandler(app, options.about.version);
  const docs = docsFile(options.dashboardFolder);
  app.openapi(docsPage, (c, next) => asMade(docs(c, next)));

  app.get('*', dashboardFiles(options.dashboardFolder));
  app.notFound((c) => {
    const methods = methodsAt(c.req.path);
    if (methods.length === 0)
      return problemResponse(c, new Problem(404, 'not-found', `There is nothing at ${c.req.path}.`));
    const allow = methods.join(', ');
    const message = `${c.req.method} is not possible at ${c.req.path}, but ${allow} is.`;
    return problemResponse(c, new Problem(405, 'method', message, { Allow: allow }));
  });
  app.onError((error, c) => {
    const problem = problemOf(error);
    if (problem) return refuseUpgrade(c, problem, options.sockets) ?? problemResponse(c, problem);
    // The client went in the middle of its own request: nothing failed here, and nobody reads the answer.
    if (c.env.incoming.destroyed) return new Response(null, { status: 499 });
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

  /** Whatever a request has to say fits into this; audio files have a limit of their own. */
  function limitBody(c: Context<Env>, next: () => Promise<void>) {
    if (c.req.path === '/v1/analyze') return next();
    return bodyLimit({
      maxSize: limits.bodyBytes,
      onError: () => {
        throw new Problem(413, 'too-large', `The body is too large: send at most ${limits.bodyBytes} bytes.`);
      },
    })(c, next);
  }

  /** A place for one more socket, given back when its connection closes. */
  async function takeSocket(c: Context<Env>, next: () => Promise<void>): Promise<void> {
    if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') {
      throw new Problem(426, 'websocket', 'This is a WebSocket: connect with ws://.', {
        Upgrade: 'websocket',
      });
    }
    c.env.incoming.socket.once('close', takePlace(c));
    await next();
  }

  /** One of the places for those who stay; returns the way to give it back. */
  function takePlace(c: Context<Env>): () => void {
    const release = options.sockets.take(c.var.address);
    if (release) return release;
    throw new Problem(
      503,
      'too-many-sockets',
      'This server has all the clients it can take: close some first.',
    );
  }
}

import { OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import { ANALYZE_PATH } from '../analyze/routes.ts';
import type { AuthMiddleware } from '../auth/middleware.ts';
import type { Limits } from '../limits.ts';
import { dashboardFiles, securityHeaders } from './dashboard-files.ts';
import { badRequest, Problem, problemOf, problemResponse } from './problem.ts';
import type { App, Env } from './route.ts';
import { createRouteTable } from './route-table.ts';
import { type Services, TOPICS } from './routes.ts';
import { rejectUpgrade } from './upgrade.ts';

export interface AppOptions extends Services {
  readonly auth: AuthMiddleware;
  readonly limits: Limits;
  readonly logger: Logger;
}

/** The HTTP app: what every request passes, the routes of all topics, the dashboard, and the errors. */
export function createApp(options: AppOptions): App {
  const { auth, limits, logger, metrics } = options;
  const app: App = new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw badRequest(result.error, (result as { data?: unknown }).data);
    },
  });
  const table = createRouteTable(app);

  app.use(securityHeaders);
  app.use(...auth.forEveryRequest);
  app.use(async (c, next) => {
    await next();
    // Hono answers HEAD like GET and drops the body unread: without an end, what writes it would wait for ever.
    if (c.req.method === 'HEAD') await c.res.body?.cancel();
    metrics.countResponse(c.req.method, c.res.status);
  });
  for (const path of ['/metrics', '/v1/*']) app.use(path, ...auth.forRoutes(table.scopeOf));
  app.use('/v1/*', limitBody(limits));

  for (const register of TOPICS) register(app, options);
  app.get('*', dashboardFiles(options.dashboardFolder));

  app.notFound((c) => {
    const methods = table.methodsAt(c.req.path);
    if (methods.length === 0)
      return problemResponse(c, new Problem(404, 'not-found', `There is nothing at ${c.req.path}.`));
    const allow = methods.join(', ');
    const message = `${c.req.method} is not supported at ${c.req.path}: use ${allow}.`;
    return problemResponse(c, new Problem(405, 'method', message, { Allow: allow }));
  });
  app.onError((error, c) => {
    const problem = problemOf(error);
    if (problem) return rejectUpgrade(c, problem, options.socketCount) ?? problemResponse(c, problem);
    // The client disconnected during its own request: nothing failed, and nobody reads the response.
    if (c.env.incoming.destroyed) return new Response(null, { status: 499 });
    logger.error({ err: error, path: c.req.path }, 'A request failed.');
    return problemResponse(
      c,
      new Problem(500, 'internal', 'The request failed with an internal error: see the log of the server.'),
    );
  });
  return app;
}

/** Limits the body of every request except uploads of audio, which have a limit of their own. */
function limitBody({ bodyBytes }: Limits): MiddlewareHandler<Env> {
  const limit = bodyLimit({
    maxSize: bodyBytes,
    onError: () => {
      throw new Problem(413, 'too-large', `The body is too large: send at most ${bodyBytes} bytes.`);
    },
  });
  return (c, next) => (c.req.path === ANALYZE_PATH ? next() : limit(c, next));
}

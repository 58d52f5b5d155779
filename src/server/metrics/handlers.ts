import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Log } from '../../log/log.ts';
import type { AuthMiddleware } from '../auth/middleware.ts';
import type { Env } from '../http/route.ts';
import { asMade } from '../http/route.ts';
import type { Hub } from '../streams/hub.ts';
import type { Metrics } from './metrics.ts';
import * as routes from './routes.ts';

export interface ServerHandlersOptions {
  readonly hub: Hub;
  readonly log: Log;
  readonly auth: AuthMiddleware;
  readonly metrics: Metrics;
  readonly about: { readonly version: string; readonly model: string };
}

/** How the server is, for those who look after it, put onto `app`. */
export function serverHandlers(
  app: OpenAPIHono<Env>,
  { hub, log, auth, metrics, about }: ServerHandlersOptions,
): void {
  app.use(async (c, next) => {
    await next();
    metrics.answered(c.req.method, c.res.status);
  });

  app.openapi(routes.healthz, (c) =>
    c.json(
      {
        status: log.failing ? 'degraded' : 'ok',
        version: about.version,
        log: log.failing ? 'failing' : 'ok',
        logDropped: log.dropped,
        streams: hub.running,
      },
      200,
    ),
  );

  app.openapi(routes.readyz, (c) => {
    const all = hub.list();
    const lost = all.filter(({ state }) => state === 'lost');
    const failed = all.filter(({ stream, state }) => state === 'stopped' && hub.failed(stream));
    const logState = log.failing ? 'failing' : 'ok';
    const down = log.failing || hub.closing;
    const status = down ? 'not-ready' : lost.length + failed.length > 0 ? 'degraded' : 'ready';
    const reasons = [
      ...(log.failing ? ['The log cannot be written.'] : []),
      ...(hub.closing ? ['The server is going down.'] : []),
      // Whoever may ask this without a token does not learn what the streams are called.
      ...(lost.length > 0 ? [`Streams whose source is lost: ${lost.length}.`] : []),
      ...(failed.length > 0 ? [`Streams that stopped for a fault: ${failed.length}.`] : []),
    ];
    const streams = { running: hub.running, lost: lost.length, failed: failed.length };
    const body = { status, log: logState, model: about.model, streams, reasons } as const;
    return down ? c.json(body, 503) : c.json(body, 200);
  });

  app.use('/metrics', ...auth.forTokens);
  app.openapi(routes.metrics, async (c) => {
    const { type, body } = await metrics.text();
    return asMade(c.body(body, 200, { 'Content-Type': type, 'Cache-Control': 'no-store' }));
  });
}

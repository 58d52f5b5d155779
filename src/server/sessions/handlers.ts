import type { OpenAPIHono } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import type { Log } from '../../log/log.ts';
import { createReports } from '../../sessions/report/report.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { Env } from '../http/route.ts';
import { asMade } from '../http/route.ts';
import { emotions } from '../streams/logged-stream.ts';
import * as routes from './routes.ts';

export interface SessionHandlersOptions {
  readonly sessions: Sessions;
  readonly log: Log;
}

/** The routes of sessions, put onto `app`. */
export function sessionHandlers(app: OpenAPIHono<Env>, { sessions, log }: SessionHandlersOptions): void {
  for (const path of ['/v1/sessions', '/v1/sessions/:id', '/v1/sessions/:id/markers'])
    app.on('GET', path, etag(), async (c, next) => {
      await next();
      // What is erased here must not go on living in a browser's cache. Who holds an answer may still ask by
      // its tag whether it has changed.
      if (c.res.ok) c.header('Cache-Control', 'no-store');
    });

  app.openapi(routes.listSessions, (c) => c.json(sessions.list(c.req.valid('query')), 200));
  app.openapi(routes.startSession, (c) => {
    const session = sessions.start(c.req.valid('json'));
    return c.json(session, 201, { Location: `/v1/sessions/${session.id}` });
  });
  app.openapi(routes.getSession, (c) => c.json(sessions.get(c.req.valid('param').id), 200));
  app.openapi(routes.changeSession, (c) =>
    c.json(sessions.describe(c.req.valid('param').id, c.req.valid('json')), 200),
  );
  app.openapi(routes.stopSession, (c) => c.json(sessions.stop(c.req.valid('param').id), 200));
  app.openapi(routes.eraseSession, async (c) => {
    const { frames } = c.req.valid('query');
    await sessions.erase(c.req.valid('param').id, frames === undefined ? undefined : frames === '1');
    return c.body(null, 204);
  });

  app.openapi(routes.listMarkers, (c) => c.json({ markers: sessions.markers(c.req.valid('param').id) }, 200));
  app.openapi(routes.addMarker, async (c) =>
    c.json(await sessions.addMarker(c.req.valid('param').id, c.req.valid('json')), 201),
  );
  app.openapi(routes.changeMarker, async (c) => {
    const { id, marker } = c.req.valid('param');
    return c.json(await sessions.changeMarker(id, marker, c.req.valid('json')), 200);
  });
  app.openapi(routes.eraseMarker, async (c) => {
    const { id, marker } = c.req.valid('param');
    await sessions.eraseMarker(id, marker);
    return c.body(null, 204);
  });

  const report = createReports({ sessions, log });
  app.openapi(routes.getReport, async (c) => {
    const { body, headers } = await report(c.req.valid('param').id, c.req.valid('query'));
    return asMade(c.body(body, 200, { ...headers, 'Cache-Control': 'no-store' }));
  });
  app.openapi(routes.getSessionEmotions, (c) => {
    const { stream, range } = sessions.span(c.req.valid('param').id);
    return asMade(emotions(c, { stream, range, query: c.req.valid('query') }, log));
  });
}

import { upgradeWebSocket } from '@hono/node-server';
import { z } from 'zod';
import type { AddressCount } from '../http/address-count.ts';
import { badRequest } from '../http/problem.ts';
import { type App, route, unchecked } from '../http/route.ts';
import { countSocket, rejectedSocket, webSocketOnly } from '../http/upgrade.ts';
import type { Live } from './live.ts';
import { lastEventId, liveQuery } from './schema.ts';

export interface LiveServices {
  readonly live: Live;
  readonly socketCount: AddressCount;
}

const tags = ['Live'];

const liveSocket = route('watch', {
  method: 'get',
  path: '/v1/live',
  tags,
  summary: 'Receive frames and events as they are emitted (WebSocket)',
  request: { query: liveQuery },
  responses: { 101: { description: 'The socket is open; its first message is the hello.' } },
});

const liveEvents = route('watch', {
  method: 'get',
  path: '/v1/live/events',
  tags,
  summary: 'Receive the same messages as server-sent events',
  description:
    'Each message is one event, named by its type. After a reconnect, browsers send `Last-Event-ID` and receive the messages that they missed.',
  request: { query: liveQuery },
  responses: {
    200: {
      description: 'Events, until the client disconnects.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
  },
});

export function liveRoutes(app: App, { live, socketCount }: LiveServices): void {
  app.openAPIRegistry.registerPath(liveSocket);
  app.get(liveSocket.path, webSocketOnly(socketCount), (c, next) => {
    const query = liveQuery.safeParse(c.req.queries());
    const events = query.success
      ? live.socketEvents(query.data)
      : rejectedSocket(badRequest(query.error, c.req.query()));
    return upgradeWebSocket(() => events)(c, next);
  });

  app.openapi(liveEvents, (c) => {
    const release = countSocket(c, socketCount);
    const since = lastEventId.parse(c.req.header('last-event-id')) ?? c.req.valid('query').since;
    c.header('Content-Type', 'text/event-stream');
    c.header('Cache-Control', 'no-store');
    c.header('X-Accel-Buffering', 'no'); // nginx would buffer the events.
    return unchecked(c.body(live.eventStream({ ...c.req.valid('query'), since }, release)));
  });
}

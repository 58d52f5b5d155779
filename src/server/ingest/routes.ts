import { upgradeWebSocket } from '@hono/node-server';
import type { AddressCount } from '../http/address-count.ts';
import { type App, route } from '../http/route.ts';
import { webSocketOnly } from '../http/upgrade.ts';
import { streamParam } from '../streams/schema.ts';
import { type IngestOptions, ingest } from './connection.ts';

export interface IngestServices extends IngestOptions {
  readonly socketCount: AddressCount;
}

const sendAudio = route('send', {
  method: 'get',
  path: '/v1/streams/{name}/audio',
  tags: ['Streams'],
  summary: 'Send audio (WebSocket)',
  description: 'The client sends the hello as text, then binary PCM. See docs/api.md for the messages.',
  request: { params: streamParam },
  responses: { 101: { description: 'The socket is open.' } },
});

export function ingestRoutes(app: App, { hub, limits, socketCount }: IngestServices): void {
  app.openAPIRegistry.registerPath(sendAudio);
  app.get(sendAudio.getRoutingPath(), webSocketOnly(socketCount), (c, next) =>
    upgradeWebSocket(() => ingest(c.req.param('name'), { hub, limits }))(c, next),
  );
}

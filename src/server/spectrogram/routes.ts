import { upgradeWebSocket } from '@hono/node-server';
import { z } from 'zod';
import { streamName } from '../../util/schemas.ts';
import type { AddressCount } from '../http/address-count.ts';
import { badRequest } from '../http/problem.ts';
import { type App, route } from '../http/route.ts';
import { rejectedSocket, webSocketOnly } from '../http/upgrade.ts';
import { streamParam } from '../streams/schema.ts';
import type { Spectrograms } from './spectrograms.ts';

export interface SpectrogramServices {
  readonly spectrograms: Spectrograms;
  readonly socketCount: AddressCount;
}

const spectrogram = route('watch', {
  method: 'get',
  path: '/v1/streams/{name}/spectrogram',
  tags: ['Live'],
  summary: 'Receive the mel spectrogram that the model sees (WebSocket)',
  description: 'After the hello, one message per step of 500 ms. See docs/api.md for the messages.',
  request: { params: streamParam },
  responses: { 101: { description: 'The socket is open; its first message is the hello.' } },
});

export function spectrogramRoutes(app: App, { spectrograms, socketCount }: SpectrogramServices): void {
  app.openAPIRegistry.registerPath(spectrogram);
  app.get(spectrogram.getRoutingPath(), webSocketOnly(socketCount), (c, next) => {
    const params = z.object({ name: streamName }).safeParse(c.req.param());
    const events = params.success
      ? spectrograms.socketEvents(params.data.name)
      : rejectedSocket(badRequest(params.error, c.req.param()));
    return upgradeWebSocket(() => events)(c, next);
  });
}

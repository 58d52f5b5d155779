import { z } from 'zod';
import { liveQuery } from '../schemas/live-query.ts';
import { route } from './route.ts';

const tags = ['Live'];

export const live = route('watch', {
  method: 'get',
  path: '/v1/live',
  tags,
  summary: 'Frames and events as they come (WebSocket)',
  request: { query: liveQuery },
  responses: { 101: { description: 'The socket is open; the first message is the hello.' } },
});

export const liveEvents = route('watch', {
  method: 'get',
  path: '/v1/live/events',
  tags,
  summary: 'The same as server-sent events',
  description:
    'Each message is one event, named by its type. `Last-Event-ID`, which browsers send by themselves when they come back, goes on where the connection was lost.',
  request: { query: liveQuery },
  responses: {
    200: { description: 'Events, for ever.', content: { 'text/event-stream': { schema: z.string() } } },
  },
});

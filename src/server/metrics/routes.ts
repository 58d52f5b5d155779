import { z } from 'zod';
import { json, route } from '../http/route.ts';

const tags = ['Server'];

export const healthz = route(null, {
  method: 'get',
  path: '/healthz',
  tags,
  summary: 'Whether the server is well',
  responses: {
    200: json(
      z.object({
        status: z.enum(['ok', 'degraded']),
        version: z.string(),
        log: z.enum(['ok', 'failing']),
        logDropped: z.int(),
        streams: z.int(),
      }),
      'Degraded while the log cannot be written.',
    ),
  },
});

const readiness = z
  .object({
    status: z.enum(['ready', 'degraded', 'not-ready']),
    log: z.enum(['ok', 'failing']),
    model: z.string(),
    streams: z.object({ running: z.int(), lost: z.int(), failed: z.int() }),
    reasons: z.array(z.string()).meta({ description: 'What is not as it should be, in sentences.' }),
  })
  .meta({ id: 'Readiness' });

export const readyz = route(null, {
  method: 'get',
  path: '/readyz',
  tags,
  summary: 'Whether the server does its work',
  description: 'It listens once its model is loaded and its log is open; until then nothing answers.',
  responses: {
    200: json(readiness, 'It does; `degraded` where a source is lost or a stream has failed.'),
    503: json(readiness, 'It does not: the log cannot be written, or it goes down.'),
  },
});

export const metrics = route('watch', {
  method: 'get',
  path: '/metrics',
  tags,
  summary: 'What Prometheus asks for',
  responses: { 200: { description: 'Text.', content: { 'text/plain': { schema: z.string() } } } },
});

export const openapiJson = route(null, {
  method: 'get',
  path: '/openapi.json',
  tags,
  summary: 'This description of the API',
  responses: { 200: json(z.looseObject({}), 'OpenAPI 3.1.') },
});

export const docsPage = route(null, {
  method: 'get',
  path: '/docs',
  tags,
  summary: 'A page to try the API at',
  responses: { 200: { description: 'The page.', content: { 'text/html': { schema: z.string() } } } },
});

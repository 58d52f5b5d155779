import { z } from 'zod';
import { json, route } from './route.ts';

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

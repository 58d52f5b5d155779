import type { OpenAPIHono } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import { openapiJson } from '../metrics/routes.ts';
import type { Env } from './route.ts';

const TAGS = [
  { name: 'Streams', description: 'Live inputs with a name, and what the log has of them.' },
  { name: 'Live', description: 'Frames and events as they come.' },
  { name: 'Sessions', description: 'Spans of a stream that a person keeps, with markers and notes.' },
  { name: 'Analyze', description: 'Files, as fast as the machine can.' },
  { name: 'Server', description: 'The server itself.' },
];

/** `/openapi.json`: all that was registered with `app` as a route. Made once, when it is first asked for. */
export function openapiHandler(app: OpenAPIHono<Env>, version: string): void {
  let document: Record<string, unknown> | undefined;
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description:
      'A token made by `undertone token`; the scope that a route needs stands with the route. None is needed where the server demands none. `?token=` is taken too, where no header can be set.',
  });
  app.use('/openapi.json', etag());
  app.openapi(openapiJson, (c) => {
    document ??= app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'undertone',
        version,
        description:
          'The emotion that music expresses, as it plays. Valence and arousal lie in [-1, 1]; faults are RFC 9457 problem details.',
        license: { name: 'MIT' },
      },
      tags: TAGS,
    }) as unknown as Record<string, unknown>;
    c.header('Cache-Control', 'no-cache');
    return c.json(document, 200);
  });
}

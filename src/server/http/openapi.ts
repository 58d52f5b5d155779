import { etag } from 'hono/etag';
import { z } from 'zod';
import { docsFile } from './dashboard-files.ts';
import { type App, json, route, unchecked } from './route.ts';

export interface DocsServices {
  readonly about: { readonly version: string };
  readonly dashboardFolder: string;
}

const TAGS = [
  { name: 'Streams', description: 'Live inputs with a name, and their frames in the log.' },
  { name: 'Live', description: 'Frames and events as they are emitted.' },
  { name: 'Sessions', description: 'Named spans of a stream, with markers and notes.' },
  { name: 'Profiles', description: 'Ratings of a person or station, and the scale that is fitted to them.' },
  {
    name: 'Library',
    description: 'A collection of music that was analyzed, and which of its tracks comes next.',
  },
  { name: 'Analyze', description: 'Audio files, analyzed as fast as the machine can.' },
  { name: 'Inputs', description: 'What a stream can be made of: sources, sound inputs, the demo.' },
  { name: 'Tokens', description: 'Access to the server.' },
  { name: 'Server', description: 'The server itself.' },
];

const tags = ['Server'];

const openapiJson = route(null, {
  method: 'get',
  path: '/openapi.json',
  tags,
  summary: 'Get this description of the API',
  responses: { 200: json(z.looseObject({}), 'OpenAPI 3.1.') },
});

const docsPage = route(null, {
  method: 'get',
  path: '/docs',
  tags,
  summary: 'Open a page to read about and try the API',
  responses: { 200: { description: 'The page.', content: { 'text/html': { schema: z.string() } } } },
});

/** `/openapi.json`, which describes every route of `app`, and `/docs`. */
export function docsRoutes(app: App, { about, dashboardFolder }: DocsServices): void {
  let document: Record<string, unknown> | undefined;
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description:
      'A token made with `undertone token`. Each route names the scope that it needs. A server that requires no tokens accepts requests without one. Clients that cannot set headers may send `?token=`.',
  });
  app.use('/openapi.json', etag());
  app.openapi(openapiJson, (c) => {
    document ??= app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'undertone',
        version: about.version,
        description:
          'The emotion that music expresses, as it plays. Valence and arousal are in [-1, 1]. Errors are RFC 9457 problem details.',
        license: { name: 'MIT' },
      },
      tags: TAGS,
    }) as unknown as Record<string, unknown>;
    c.header('Cache-Control', 'no-cache');
    return c.json(document, 200);
  });
  const page = docsFile(dashboardFolder);
  app.openapi(docsPage, (c, next) => unchecked(page(c, next)));
}

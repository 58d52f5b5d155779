import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Context, MiddlewareHandler, Next } from 'hono';
import { etag } from 'hono/etag';

/** Beside dist/server/ when built; from the sources it is the same folder. */
export const DASHBOARD_FOLDER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/dashboard/' : '../dashboard/', import.meta.url),
);

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>undertone</title>
<h1>undertone is running</h1>
<p>The dashboard is not built. Run <code>npm run build</code> and load this page again.</p>
<p>The API is there: <a href="/v1/streams">/v1/streams</a>.</p></html>`;

/** The dashboard's static files. Files under assets/ have their content's hash in the name and never change. */
export function dashboardFiles(folder: string): MiddlewareHandler {
  const files = whenBuilt(folder, () => serveStatic({ root: folder, onFound: cache }));
  return (c, next) => (c.req.path.startsWith('/assets/') ? files(c, next) : tagged(c, next, files));

  function cache(path: string, c: { header(name: string, value: string): void }): void {
    c.header(
      'Cache-Control',
      /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    );
  }
}

/** `/docs`, a page beside the dashboard's. */
export function docsFile(folder: string): MiddlewareHandler {
  const page = whenBuilt(folder, () =>
    serveStatic({
      root: folder,
      path: 'docs.html',
      onFound: (_, c) => c.header('Cache-Control', 'no-cache'),
    }),
  );
  return (c, next) => tagged(c, next, page);
}

/** Looked for at each request until it is there: it may be built while the server runs. */
function whenBuilt(folder: string, create: () => MiddlewareHandler): MiddlewareHandler {
  let files: MiddlewareHandler | undefined;
  return (c, next) => {
    if (!files && existsSync(`${folder}/index.html`)) files = create();
    if (files) return files(c, next);
    const isPage = c.req.path === '/' || c.req.path === '/docs';
    return isPage ? Promise.resolve(c.html(NOT_BUILT, 503)) : next().then(() => undefined);
  };
}

const tag = etag();

/** Small files that do change are asked about each time, and answered with 304 where they have not. */
async function tagged(c: Context, next: Next, handler: MiddlewareHandler): Promise<Response | undefined> {
  let found = true;
  await tag(c, async () => {
    const response = await handler(c, async () => {
      found = false;
    });
    if (response) c.res = response;
  });
  if (found) return c.res;
  await next();
  return undefined;
}

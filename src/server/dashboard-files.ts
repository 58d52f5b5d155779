import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import type { MiddlewareHandler } from 'hono';

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
  let files: MiddlewareHandler | undefined;
  return (c, next) => {
    // Looked for at each request until it is there: it may be built while the server runs.
    if (!files && existsSync(`${folder}/index.html`)) files = serveStatic({ root: folder, onFound: cache });
    if (files) return files(c, next);
    return c.req.path === '/' ? Promise.resolve(c.html(NOT_BUILT, 503)) : next().then(() => undefined);
  };

  function cache(path: string, c: { header(name: string, value: string): void }): void {
    c.header(
      'Cache-Control',
      /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    );
  }
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { Context, MiddlewareHandler, Next } from 'hono';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import { PACKAGE_ROOT } from '../../util/package.ts';

/** Output folder of `vite build dashboard`. */
export const DASHBOARD_FOLDER = join(PACKAGE_ROOT, 'dist', 'dashboard');

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>undertone</title>
<h1>undertone is running</h1>
<p>The dashboard is not built. Run <code>npm run build</code> and load this page again.</p>
<p>The API works without it: <a href="/v1/streams">/v1/streams</a>.</p></html>`;

/** Serves the dashboard. Files under assets/ have a hash of their content in the name and never change. */
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

/** Serves `/docs`, a page of the dashboard's build. */
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

/** Checks at each request until the dashboard is built, which may happen while the server runs. */
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

/** Adds an ETag: browsers revalidate these files at each use. */
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

const NONE = ["'none'"];
const SELF = ["'self'"];

/**
 * The dashboard loads everything from this server: no inline scripts or styles, no other hosts, no frames
 * around it, and the microphone and the sound of tabs for this origin only. A response may set a stricter policy, as reports do.
 */
export const securityHeaders = secureHeaders({
  overwrite: false,
  contentSecurityPolicy: {
    defaultSrc: NONE,
    scriptSrc: SELF,
    workerSrc: SELF,
    styleSrc: SELF,
    imgSrc: ["'self'", 'data:'],
    fontSrc: SELF,
    connectSrc: SELF,
    // The file that a page analyzes is played from the browser's memory.
    mediaSrc: ["'self'", 'blob:'],
    manifestSrc: SELF,
    baseUri: NONE,
    formAction: NONE,
    frameAncestors: NONE,
  },
  permissionsPolicy: { microphone: ['self'], displayCapture: ['self'], camera: [], geolocation: [] },
  xFrameOptions: 'DENY',
  // The server may use plain HTTP, and may share its host name with others.
  strictTransportSecurity: false,
  originAgentCluster: false,
  // These headers concern obsolete browsers only.
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

import * as analyze from '../analyze/routes.ts';
import type { Scope } from '../auth/access.ts';
import * as live from '../live/routes.ts';
import * as server from '../metrics/routes.ts';
import * as sessions from '../sessions/routes.ts';
import * as streams from '../streams/routes.ts';

/** A route as far as scopes and methods go. */
export interface RouteEntry {
  readonly method: string;
  /** `/v1/streams/{name}` */
  readonly path: string;
  readonly scope: Scope | null;
}

const modules = [server, live, streams, analyze, sessions];

/** Every route of the server; what is not in here is not in `/openapi.json` either. */
export const ROUTES: readonly RouteEntry[] = modules.flatMap((module) =>
  Object.values(module).flatMap((one) =>
    'x-scope' in one ? [{ method: one.method, path: one.path, scope: one['x-scope'] }] : [],
  ),
);

const TABLE = ROUTES.map(({ method, path, scope }) => ({
  method: method.toUpperCase(),
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
  scope,
}));

/**
 * What a token needs for a request; null: nothing. It fails closed: a reading request to an address that
 * there is not needs `watch` as its neighbours do, any other needs `manage`.
 */
export function scopeOf(method: string, path: string): Scope | null {
  const asked = method === 'HEAD' ? 'GET' : method;
  const known = TABLE.find((one) => one.method === asked && one.pattern.test(path));
  if (known) return known.scope;
  return asked === 'GET' ? 'watch' : 'manage';
}

/** Methods that there are at `path`; empty where there is nothing. */
export function methodsAt(path: string): string[] {
  return [...new Set(TABLE.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
}

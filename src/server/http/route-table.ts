import type { Scope } from '../auth/access.ts';
import type { App } from './route.ts';

/** Methods and scopes of all routes that are registered with an app. */
export interface RouteTable {
  /**
   * The scope that a token needs for a request; null: no token is needed. A path without a route needs `watch`
   * to read and `manage` for everything else, so a route that is missing here is never open.
   */
  scopeOf(method: string, path: string): Scope | null;
  /** The methods of `path`; empty if there is no route. */
  methodsAt(path: string): string[];
}

interface Entry {
  readonly method: string;
  readonly pattern: RegExp;
  readonly scope: Scope | null;
}

/** Reads the table from the routes of `app` on the first request, when all of them are registered. */
export function createRouteTable({ openAPIRegistry }: Pick<App, 'openAPIRegistry'>): RouteTable {
  let entries: readonly Entry[] | undefined;
  const table = () => {
    entries ??= openAPIRegistry.definitions.flatMap((definition) =>
      definition.type === 'route' ? [entryOf(definition.route)] : [],
    );
    return entries;
  };
  return {
    scopeOf(method, path) {
      const served = method === 'HEAD' ? 'GET' : method;
      const entry = table().find((one) => one.method === served && one.pattern.test(path));
      if (entry) return entry.scope;
      return served === 'GET' ? 'watch' : 'manage';
    },
    methodsAt(path) {
      const matching = table().filter(({ pattern }) => pattern.test(path));
      return [...new Set(matching.map(({ method }) => method))];
    },
  };
}

/** `path`: as in `/v1/streams/{name}`. */
function entryOf(route: { readonly method: string; readonly path: string; 'x-scope'?: Scope | null }): Entry {
  return {
    method: route.method.toUpperCase(),
    pattern: new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`),
    scope: route['x-scope'] === undefined ? 'manage' : route['x-scope'],
  };
}

import type { Scope } from '../auth/scope.ts';
import { ROUTES } from './index.ts';

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

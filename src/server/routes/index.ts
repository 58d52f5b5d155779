import type { Scope } from '../auth/scope.ts';
import * as analyze from './analyze.ts';
import * as live from './live.ts';
import * as server from './server.ts';
import * as sessions from './sessions.ts';
import * as streams from './streams.ts';

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

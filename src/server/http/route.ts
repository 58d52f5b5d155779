import type { HttpBindings } from '@hono/node-server';
import { createRoute, type RouteConfig } from '@hono/zod-openapi';
import type { z } from 'zod';
import type { Scope } from '../auth/access.ts';
import type { Principal } from '../auth/tokens.ts';
import { problemBody } from './problem.ts';

/** A route as data: its handler is registered elsewhere, `/openapi.json` and the tokens' scopes read it from here. */
export type Route = ReturnType<typeof route>;

/**
 * A route of the API. `scope` is what a token needs for it; null: open to everyone who may reach the server.
 * Every fault is a problem, so that is said here once.
 */
export function route<P extends string, R extends Omit<RouteConfig, 'path'> & { path: P }>(
  scope: Scope | null,
  config: R,
) {
  return createRoute({
    ...config,
    'x-scope': scope,
    security: scope === null ? [] : [{ token: [scope] }],
    responses: {
      ...config.responses,
      default: {
        description: 'A fault, as RFC 9457 problem details.',
        content: { 'application/problem+json': { schema: problemBody } },
      },
    },
  } as R & { 'x-scope': Scope | null });
}

export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

export const jsonBody = <S extends z.ZodType>(schema: S, required = true) => ({
  body: { required, content: { 'application/json': { schema } } },
});

/**
 * An answer that is written as it is made. Hono's types know only bodies that are there as a whole; what it
 * holds stands in the route.
 */
export const asMade = (response: unknown): never => response as never;

/** What every handler finds in its context. */
export interface Env {
  Bindings: HttpBindings;
  Variables: {
    /** Who asks; set for everything that needs a scope. */
    principal: Principal;
    /** Where it comes from. */
    address: string;
  };
}

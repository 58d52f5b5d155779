import type { HttpBindings } from '@hono/node-server';
import { createRoute, type OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
import type { z } from 'zod';
import type { Scope } from '../auth/access.ts';
import type { Principal } from '../auth/tokens.ts';
import { problemBody } from './problem-body.ts';

/** The app that each topic registers its routes with. */
export type App = OpenAPIHono<Env>;

/** The environment of every handler. */
export interface Env {
  Bindings: HttpBindings;
  Variables: {
    /** The authenticated client; set on every route that needs a scope. */
    principal: Principal;
    /** IP address of the client. */
    address: string;
  };
}

/**
 * Describes a route of the API. `/openapi.json` and the route table read the description from the app.
 *
 * @param scope what a token needs for the route; null: no token is needed
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
        description: 'An error, as RFC 9457 problem details.',
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
 * Marks a response that Hono cannot check against the schema of its route, since the body is streamed or
 * comes from another handler.
 */
export const unchecked = (response: unknown): never => response as never;

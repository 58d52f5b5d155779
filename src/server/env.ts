import type { HttpBindings } from '@hono/node-server';

/** What Hono's context holds besides the request: Node's own request and response. */
export type Env = { Bindings: HttpBindings };

import type { HttpBindings } from '@hono/node-server';
import type { Principal } from './auth/tokens.ts';

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

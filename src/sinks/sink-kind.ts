import type { z } from 'zod';
import type { Sink } from '../types.ts';

/**
 * A kind of sink, as listed in the registry in `index.ts`.
 *
 * `Context` contains only the services that the sink uses, so that a sink depends on no other part of the server. A
 * kind without `options` exists once per server. A kind with `options` is created once for each entry of the
 * configuration that names it; `options` validates that entry.
 */
export interface SinkKind<Context, Options = undefined> {
  readonly name: string;
  readonly options?: z.ZodType<Options>;
  readonly create: (options: Options, context: Context) => Sink;
}

import type { Sink } from '../types.ts';

/**
 * A kind of sink, as listed in the registry in `index.ts`. `Context` contains only the services that the sink uses, so
 * that a sink depends on no other part of the server.
 */
export interface SinkKind<Context> {
  readonly name: string;
  readonly create: (context: Context) => Sink;
}

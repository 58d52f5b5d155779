import { SinkFault } from '../sink-fault.ts';

const claims = new Set<string>();

/**
 * Claims a file or another thing that only one sink of this process may write.
 *
 * @returns a function that gives it up
 * @throws SinkFault `in-use` if another sink holds it
 */
export function claim(name: string): () => void {
  if (claims.has(name)) throw new SinkFault('in-use', 'another sink writes there');
  claims.add(name);
  return () => void claims.delete(name);
}

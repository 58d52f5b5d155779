import { setTimeout as sleep } from 'node:timers/promises';
import { SinkFault } from '../sink-fault.ts';

const WAIT_MS = 1_000;
const claims = new Map<string, Promise<void>>();

/**
 * Claims a file or another thing that only one sink of this process may write. A sink that was just replaced by the
 * configuration may still hold it, so this waits a second.
 *
 * @returns a function that gives it up
 * @throws SinkFault `in-use` if another sink holds it
 */
export async function claim(name: string): Promise<() => void> {
  await Promise.race([claims.get(name), sleep(WAIT_MS, undefined, { ref: false })]);
  if (claims.has(name)) throw new SinkFault('in-use', 'another sink writes there');
  let free = () => {};
  claims.set(name, new Promise((resolve) => (free = resolve)));
  return () => {
    claims.delete(name);
    free();
  };
}

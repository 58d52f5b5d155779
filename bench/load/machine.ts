import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** One line that says on which machine, and how busy it was, a table was measured. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const gib = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0]!.toFixed(1);
  return `${model}, ${availableParallelism()} cores, ${gib} GiB, Node.js ${process.versions.node}, load average ${load} at the start`;
}

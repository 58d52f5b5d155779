/**
 * How long to wait before attempt `attempt` (1, 2, …), in ms: 0.5, 1, 2, 4, 8, then 15 s, each ±20 %, so
 * that many pages do not return to a restarted server in the same instant.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(500 * 2 ** (attempt - 1), 15_000);
  return base * (0.8 + 0.4 * random());
}

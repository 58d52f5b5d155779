import { UserError } from '../../user-error.ts';

/** What the streams take, and what another one would. */
export interface Room {
  readonly running: number;
  /** Most running streams. */
  readonly limit: number;
  /** Share of `cores` that the running streams take. */
  readonly load: number;
  readonly cores: number | undefined;
  /** Cores that the new stream takes, and its model, for the message. */
  readonly cost: number;
  readonly model: string;
}

/** @throws UserError `too-many-streams` if another stream has no room */
export function checkRoom({ running, limit, load, cores, cost, model }: Room): void {
  if (running >= limit) {
    throw new UserError(
      'too-many-streams',
      `This server already runs ${running} streams, its limit: stop one first, or raise "limits.streams" in the configuration.`,
    );
  }
  // The first stream always starts: it may be slower than real time, but nothing else suffers.
  if (running === 0 || cores === undefined || load + cost / cores <= 1) return;
  const most = Math.max(1, Math.floor(cores / cost));
  throw new UserError(
    'too-many-streams',
    `This machine has no room for another stream: it can analyze about ${most} of "${model}" in real time, and runs ${running}. Stop one first, use a lighter model, or set "limits.streams" in the configuration to allow more.`,
  );
}

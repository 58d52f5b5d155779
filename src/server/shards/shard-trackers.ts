import type { Logger } from 'pino';
import type { EngineName } from '../../model/engine.ts';
import type { StreamProfiles } from '../profiles/stream-profiles.ts';
import type { Trackers } from '../streams/trackers.ts';
import { ShardPool } from './shard-pool.ts';

/** Runs streams on up to `workers` threads, which are started as they are needed. */
export async function createShardTrackers(
  workers: number,
  engine: EngineName | 'auto',
  logger: Logger,
  profiles: StreamProfiles,
): Promise<Trackers> {
  const names = new Map<string, string>();
  const pool = new ShardPool({
    workers,
    engine,
    onInternalError: (stream, err) => logger.error({ stream, err }, 'The analysis had an internal error.'),
  });
  profiles.onRefresh = () => pool.updateScales();
  return {
    engine: await pool.engine,
    async load(model, remote) {
      const name = await pool.load(model, remote);
      names.set(model, name);
      return name;
    },
    trackWith: (model) => (source, stream, stop, state) => {
      profiles.calibrateFor(stream, names.get(model)!);
      return pool.track(source, { stream, model, stop, state, scale: () => profiles.use(stream)?.scale });
    },
    measure: (model) => (source, stream) =>
      pool.track(source, { stream, model, scale: () => undefined, onFirst: true }),
  };
}

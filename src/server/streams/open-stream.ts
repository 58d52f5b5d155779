import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import type { Engine } from '../../model/engine.ts';
import { modelFingerprint } from '../../model/fingerprint.ts';
import { engineFor } from '../../model/load.ts';
import { usableScale } from '../../profiles/profile-store.ts';
import { oncePerKey } from '../../util/once-per-key.ts';
import type { Settings } from '../config/settings.ts';
import type { StreamProfiles } from '../profiles/stream-profiles.ts';
import { createShardTrackers } from '../shards/shard-trackers.ts';
import { sourceOf } from '../shards/source-spec.ts';
import { measureCost } from './capacity.ts';
import type { StartTracker } from './hub-options.ts';
import { createLocalTrackers } from './local-trackers.ts';
import type { OpenStream } from './stream-manager.ts';

export interface StreamOpener {
  readonly engine: Pick<Engine, 'name' | 'description'>;
  /** Name of the default model. */
  readonly model: string;
  /** Tracks a source with the default model. */
  readonly startTracker: StartTracker;
  /** What a stream of it costs (capacity.ts); 0 if the configuration limits the number of streams. */
  readonly cost: number;
  /** Of the default model's folder. */
  readonly fingerprint: string;
  readonly open: OpenStream;
}

/** One thread of analysis per core: the main thread only serves, and takes little. On one core, threads gain nothing. */
function defaultWorkers(cores: number = availableParallelism()): number {
  return cores > 1 ? Math.min(cores, 16) : 0;
}

/**
 * Loads the engine and the default model, and returns the functions that open streams with them.
 *
 * @throws UserError `unknown-model`, `bad-model`, `unknown-profile`, `profile-not-fitted`, `profile-model`
 */
export async function createStreamOpener(
  settings: Settings,
  logger: Logger,
  profiles: StreamProfiles,
): Promise<StreamOpener> {
  const { workers = defaultWorkers() } = settings;
  const engine = await engineFor(settings.model, settings.engine);
  const trackers =
    workers > 0
      ? await createShardTrackers(workers, engine, logger, profiles)
      : await createLocalTrackers(engine, logger, profiles);
  const defaultModel = await trackers.load(settings.model);
  if (settings.plan.profile !== undefined) usableScale(profiles.store, settings.plan.profile, defaultModel);

  // A model is measured when it is first used. The configuration's own limit needs no measurement.
  const costOf =
    settings.limits.streams === undefined
      ? oncePerKey((model) => measureCost(trackers.measure(model)))
      : async () => 0;
  const fingerprintOf = oncePerKey((model) => modelFingerprint(model));

  return {
    engine: trackers.engine,
    model: defaultModel,
    startTracker: trackers.trackWith(settings.model),
    cost: await costOf(settings.model),
    fingerprint: await fingerprintOf(settings.model),
    async open(entry, remote) {
      const model = entry.model ?? settings.model;
      const name = await trackers.load(model, remote !== undefined);
      if (entry.profile !== undefined) usableScale(profiles.store, entry.profile, name);
      const source = sourceOf({
        uri: entry.source,
        folder: settings.folder,
        // A client must not reach other files through a list.
        playlists: !remote,
        pcm: settings.stdin,
        privateNetworks: remote?.privateNetworks,
        persistent: true,
      });
      return {
        source,
        startTracker: trackers.trackWith(model),
        model: name,
        cost: await costOf(model),
        fingerprint: await fingerprintOf(model),
      };
    },
  };
}

import { readdirSync } from 'node:fs';
import type { Logger } from 'pino';
import { loadActivityDetector } from '../../model/activity/activity-detector.ts';
import { type Engine, loadEngine } from '../../model/engine.ts';
import { modelFingerprint } from '../../model/fingerprint.ts';
import { loadModel, MODELS_FOLDER } from '../../model/load.ts';
import { createStepper, type Stepper } from '../../model/stepper.ts';
import { usableScale } from '../../profiles/profile-store.ts';
import { loadFft } from '../../stream/fft.ts';
import { publicOnly } from '../../stream/sources/http/address-guard.ts';
import { isReadOnce, openSource } from '../../stream/sources/index.ts';
import { persistentSource } from '../../stream/sources/persistent.ts';
import { track } from '../../tracker.ts';
import { UserError } from '../../user-error.ts';
import type { Settings } from '../config/settings.ts';
import type { StreamProfiles } from '../profiles/stream-profiles.ts';
import { measureCost } from './capacity.ts';
import type { StartTracker } from './hub.ts';
import type { OpenStream } from './stream-manager.ts';

export interface StreamOpener {
  readonly engine: Engine;
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
  const [engine, fft, detector] = await Promise.all([
    loadEngine(settings.engine),
    loadFft(),
    loadActivityDetector(),
  ]);
  const models = new ModelPool(engine);
  const defaultStepper = await models.stepper(settings.model);
  if (settings.plan.profile !== undefined)
    usableScale(profiles.store, settings.plan.profile, defaultStepper.model.name);

  const trackerWith =
    (stepper: Stepper): StartTracker =>
    (source, stream, _stop, state) =>
      track(source, {
        stream,
        state,
        stepper,
        fft,
        detector,
        calibrate: profiles.calibrateFor(stream, stepper.model.name),
        onInternalError: (err) => logger.error({ stream, err }, 'The stream stopped on an internal error.'),
      });

  // A model is measured when it is first used. The configuration's own limit needs no measurement.
  const costs = new Map<Stepper, Promise<number>>();
  function costOf(stepper: Stepper): number | Promise<number> {
    if (settings.limits.streams !== undefined) return 0;
    const known = costs.get(stepper);
    if (known) return known;
    const cost = measureCost((source, stream) => track(source, { stream, stepper, fft, detector }));
    costs.set(stepper, cost);
    return cost;
  }

  const fingerprints = new Map<string, Promise<string>>();
  function fingerprintOf(name: string): Promise<string> {
    const fingerprint = fingerprints.get(name) ?? modelFingerprint(name);
    fingerprints.set(name, fingerprint);
    return fingerprint;
  }

  return {
    engine,
    model: defaultStepper.model.name,
    startTracker: trackerWith(defaultStepper),
    cost: await costOf(defaultStepper),
    fingerprint: await fingerprintOf(settings.model),
    async open(entry, remote) {
      const name = entry.model ?? settings.model;
      const stepper = await (remote ? models.remoteStepper(name) : models.stepper(name));
      if (entry.profile !== undefined) usableScale(profiles.store, entry.profile, stepper.model.name);
      const source = openSource(entry.source, {
        folder: settings.folder,
        // A client must not reach other files through a list.
        playlists: !remote,
        ...(settings.stdin && { pcm: settings.stdin }),
        ...(remote && { guard: publicOnly(remote.privateNetworks) }),
      });
      return {
        // A source that can be read only once is not retried.
        source: isReadOnce(entry.source) ? source : persistentSource(source),
        startTracker: trackerWith(stepper),
        model: stepper.model.name,
        cost: await costOf(stepper),
        fingerprint: await fingerprintOf(name),
      };
    },
  };
}

/** Loads each model once, with one stepper for all of its streams, and never unloads it. */
class ModelPool {
  readonly #engine: Engine;
  readonly #loaded = new Map<string, Promise<Stepper>>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @throws UserError `unknown-model`, `bad-model` */
  stepper(name: string): Promise<Stepper> {
    const known = this.#loaded.get(name);
    if (known) return known;
    const loading = loadModel(name, this.#engine).then(createStepper);
    this.#loaded.set(name, loading);
    loading.catch(() => this.#loaded.delete(name)); // The next request tries again.
    return loading;
  }

  /** Clients may name a model that is loaded or was installed with the program, but not a folder. */
  remoteStepper(name: string): Promise<Stepper> {
    if (this.#loaded.has(name) || readdirSync(MODELS_FOLDER).includes(name)) return this.stepper(name);
    throw new UserError('unknown-model', `There is no model "${name}" on this server.`);
  }
}

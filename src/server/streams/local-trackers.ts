import type { Logger } from 'pino';
import { loadActivityDetector } from '../../model/activity/activity-detector.ts';
import { chooseEngine, type EngineName } from '../../model/engine.ts';
import { loadModel } from '../../model/load.ts';
import { createStepper, type Stepper } from '../../model/stepper.ts';
import { loadFft } from '../../stream/fft.ts';
import { track } from '../../tracker.ts';
import { oncePerKey } from '../../util/once-per-key.ts';
import type { StreamProfiles } from '../profiles/stream-profiles.ts';
import { skipWhenLate } from './skip-when-late.ts';
import { checkRemoteModel, type Trackers } from './trackers.ts';

/** Runs all streams in this thread: `"workers": 0`. Models are loaded once, and never unloaded. */
export async function createLocalTrackers(
  engineName: EngineName | 'auto',
  logger: Logger,
  profiles: StreamProfiles,
): Promise<Trackers> {
  const [engine, fft, detector] = await Promise.all([
    chooseEngine(engineName),
    loadFft(),
    loadActivityDetector(),
  ]);
  const load = oncePerKey(async (model) => createStepper(await loadModel(model, engine)));
  const loaded = new Map<string, Stepper>();
  return {
    engine,
    async load(model, remote) {
      if (remote) checkRemoteModel(model, loaded);
      const stepper = await load(model);
      loaded.set(model, stepper);
      return stepper.model.name;
    },
    trackWith: (model) => (source, stream, _stop, state) => {
      const stepper = loaded.get(model)!;
      return track(skipWhenLate(source), {
        stream,
        state,
        stepper,
        fft,
        detector,
        calibrate: profiles.calibrateFor(stream, stepper.model.name),
        onInternalError: (err) => logger.error({ stream, err }, 'The stream stopped on an internal error.'),
      });
    },
    measure: (model) => (source, stream) =>
      track(source, { stream, stepper: loaded.get(model)!, fft, detector }),
  };
}

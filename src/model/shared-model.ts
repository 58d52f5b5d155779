import { resolve } from 'node:path';
import { UserError } from '../user-error.ts';
import { type ActivityDetector, loadActivityDetector } from './activity/activity-detector.ts';
import { checkEngineName, type Engine, type EngineName, loadEngine } from './engine.ts';
import { engineFor, findModel, loadModel } from './load.ts';
import { createStepper, type Stepper } from './stepper.ts';

/** A model and an activity detector that several trackers may use. */
export interface SharedModel {
  readonly stepper: Stepper;
  readonly detector: ActivityDetector;
  /** Call it once per `shareModel`. The last call frees the weights. */
  release(): Promise<void>;
}

interface Loaded extends Omit<SharedModel, 'release'> {
  readonly running: Set<Promise<unknown>>;
  users: number;
}

/** The loaded models by folder. All run on one engine, because TensorFlow.js has one active engine per process. */
const models = new Map<string, Loaded>();
let engineInUse: Engine | undefined;
let lastTask: Promise<unknown> = Promise.resolve();

/**
 * Loads a model, or shares it if it is loaded. Its streams share the weights and run in batches, and each has its own
 * state.
 *
 * @param engine `auto`: the engine in use, else the one on which the model is fastest
 * @throws UserError `unknown-model`, `bad-model`, `unknown-engine`, `engine-not-installed`, `engine-broken`, or
 *   `engine-in-use` if other models of this process run on another engine
 */
export function shareModel(name: string, engine: EngineName | 'auto'): Promise<SharedModel> {
  return enqueue(async () => {
    const folder = resolve(await findModel(name));
    engineInUse = await useEngine(engine, folder);
    const model = models.get(folder) ?? (await load(folder, engineInUse));
    models.set(folder, model);
    model.users++;
    return { ...model, release: () => enqueue(() => release(folder, model)) };
  });
}

async function useEngine(name: EngineName | 'auto', model: string): Promise<Engine> {
  if (!engineInUse || models.size === 0) return loadEngine(await engineFor(model, name));
  if (name === 'auto' || name === engineInUse.name) return engineInUse;
  checkEngineName(name);
  throw new UserError(
    'engine-in-use',
    `The engine "${name}" cannot be loaded while models run on "${engineInUse.name}": a process uses one engine at a time; close those trackers first.`,
  );
}

/** Keeps the steps that are running, so that the weights are freed only after them. */
async function load(folder: string, engine: Engine): Promise<Loaded> {
  const detector = await loadActivityDetector();
  const stepper = createStepper(await loadModel(folder, engine));
  const running = new Set<Promise<unknown>>();
  function kept<T>(work: Promise<T>): Promise<T> {
    const done = work.finally(() => running.delete(done));
    running.add(done);
    return done;
  }
  return {
    running,
    users: 0,
    detector,
    stepper: {
      ...stepper,
      step: (input) => kept(stepper.step(input)),
      ...(stepper.run && { run: (windows, state) => kept(stepper.run!(windows, state)) }),
    },
  };
}

async function release(folder: string, model: Loaded): Promise<void> {
  if (--model.users > 0) return;
  models.delete(folder);
  await Promise.allSettled(model.running);
  model.stepper.model.dispose();
}

/** Runs tasks one after the other, so that a model requested twice at the same time is loaded once. */
function enqueue<T>(task: () => Promise<T>): Promise<T> {
  const done = lastTask.then(task);
  lastTask = done.catch(() => {});
  return done;
}

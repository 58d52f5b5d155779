import { resolve } from 'node:path';
import { UserError } from '../user-error.ts';
import { type ActivityDetector, loadActivityDetector } from './activity/activity-detector.ts';
import { checkEngineName, type Engine, type EngineName, loadEngine } from './engine.ts';
import { findModel, loadModel } from './load.ts';
import { createStepper, type Stepper } from './stepper.ts';

/** A model, and what tells speech from music beside it, that others may use too. */
export interface SharedModel {
  readonly stepper: Stepper;
  readonly detector: ActivityDetector;
  /** To be called once; the last user's call frees the weights. */
  release(): Promise<void>;
}

interface Loaded extends Omit<SharedModel, 'release'> {
  readonly running: Set<Promise<unknown>>;
  users: number;
}

/** By folder. TensorFlow.js has one active engine a process, so all of them are on that one. */
const models = new Map<string, Loaded>();
let engineInUse: Engine | undefined;
let turn: Promise<unknown> = Promise.resolve();

/**
 * Loads a model, or shares it where it is loaded. Its streams share the weights and run in batches; each has a
 * state of its own.
 *
 * @param engine `auto`: the one in use, else the best one installed
 * @throws UserError `unknown-model`, `bad-model`, `unknown-engine`, `engine-not-installed`, `engine-broken`, or
 *   `engine-in-use` where models of this process run on another engine
 */
export function shareModel(name: string, engine: EngineName | 'auto'): Promise<SharedModel> {
  return inTurn(async () => {
    const folder = resolve(await findModel(name));
    engineInUse = await useEngine(engine);
    const model = models.get(folder) ?? (await load(folder, engineInUse));
    models.set(folder, model);
    model.users++;
    return { ...model, release: () => inTurn(() => release(folder, model)) };
  });
}

async function useEngine(name: EngineName | 'auto'): Promise<Engine> {
  if (!engineInUse || models.size === 0) return loadEngine(name);
  if (name === 'auto' || name === engineInUse.name) return engineInUse;
  checkEngineName(name);
  throw new UserError(
    'engine-in-use',
    `The engine "${name}" cannot be loaded while models run on "${engineInUse.name}": a process has one engine; close those trackers first.`,
  );
}

/** It knows which steps are not done, so that no weights are freed under one. */
async function load(folder: string, engine: Engine): Promise<Loaded> {
  const detector = await loadActivityDetector();
  const stepper = createStepper(await loadModel(folder, engine));
  const running = new Set<Promise<unknown>>();
  return {
    running,
    users: 0,
    detector,
    stepper: {
      model: stepper.model,
      step(input) {
        const step = stepper.step(input).finally(() => running.delete(step));
        running.add(step);
        return step;
      },
    },
  };
}

async function release(folder: string, model: Loaded): Promise<void> {
  if (--model.users > 0) return;
  models.delete(folder);
  await Promise.allSettled(model.running);
  model.stepper.model.dispose();
}

/** One after the other: a model that two ask for at once is loaded once. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = turn.then(work);
  turn = done.catch(() => {});
  return done;
}

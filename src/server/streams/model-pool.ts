import { readdirSync } from 'node:fs';
import type { Engine } from '../../model/engine.ts';
import { loadModel, MODELS_FOLDER } from '../../model/load.ts';
import { createStepper, type Stepper } from '../../model/stepper.ts';
import { UserError } from '../../user-error.ts';

/** Each model is loaded once, with one stepper for all of its streams; it stays for those to come. */
export class ModelPool {
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
    loading.catch(() => this.#loaded.delete(name)); // It may be there the next time.
    return loading;
  }

  /** A client may name a model that came with the program or is loaded already, but no folder. */
  remoteStepper(name: string): Promise<Stepper> {
    if (this.#loaded.has(name) || readdirSync(MODELS_FOLDER).includes(name)) return this.stepper(name);
    throw new UserError('unknown-model', `There is no model "${name}" on this server.`);
  }
}

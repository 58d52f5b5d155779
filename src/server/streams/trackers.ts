import { readdirSync } from 'node:fs';
import type { Engine } from '../../model/engine.ts';
import { MODELS_FOLDER } from '../../model/load.ts';
import { UserError } from '../../user-error.ts';
import type { StartTracker } from './hub-options.ts';

/** What runs trackers: threads, or this one. */
export interface Trackers {
  readonly engine: Pick<Engine, 'name' | 'description'>;
  /**
   * Loads a model, once.
   *
   * @param remote requested by a client, which may name a model that is loaded or comes with the program, but no folder
   * @returns its name
   * @throws UserError `unknown-model`, `bad-model`
   */
  load(model: string, remote?: boolean): Promise<string>;
  /** Tracks sources with a model that is loaded. */
  trackWith(model: string): StartTracker;
  /** The same for streams that are not real, to measure the model: without a profile, and all in one thread. */
  measure(model: string): StartTracker;
}

/**
 * A client may name a model that is loaded or comes with the program, but no folder.
 *
 * @throws UserError `unknown-model`
 */
export function checkRemoteModel(model: string, loaded: { has(model: string): boolean }): void {
  if (!loaded.has(model) && !readdirSync(MODELS_FOLDER).includes(model))
    throw new UserError('unknown-model', `There is no model "${model}" on this server.`);
}

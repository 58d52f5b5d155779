import type { EmotionModel } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import type { Calibration } from '../calibration.ts';
import type { Engine } from '../engine.ts';
import type { Weights } from '../weights.ts';

/** A model as read from its folder, of any kind: `model.json` and `weights.bin`. */
export interface StoredModel {
  /** Name of the folder. */
  readonly name: string;
  readonly calibration: Calibration;
  /** How it was trained, for people. */
  readonly training: Readonly<Record<string, unknown>>;
  readonly weights: Weights;
}

/** How models of one kind are recognised, read and run. A kind is one folder here and one line in index.ts. */
export interface ModelKind<File extends StoredModel = StoredModel> {
  readonly name: string;
  /** @param header of `model.json`, parsed but not checked; undefined where it is no JSON */
  recognises(header: unknown): boolean;
  /** @throws UserError `bad-model` with the field that is wrong */
  read(folder: string): Promise<File>;
  /**
   * Puts the model's weights onto an engine. The result holds no state of any stream.
   *
   * @param modelsFolder where the folders of pretrained weights lie that several models share
   */
  create(file: File, engine: Engine, modelsFolder: string): Promise<EmotionModel>;
}

/** Thrown for a stream's saved state that does not fit the model. */
export function foreignState(model: string): UserError {
  return new UserError(
    'bad-state',
    `The saved state of this stream was made by another model than "${model}"; reset the stream or load the model that it was saved with.`,
  );
}

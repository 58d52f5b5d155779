import type { EmotionModel } from '../../types.ts';
import { UserError } from '../../user-error.ts';
import type { Calibration } from '../calibration.ts';
import type { Engine } from '../engine.ts';
import type { Weights } from '../weights.ts';

/** The content of a model's folder, of any kind: `model.json` and `weights.bin`. */
export interface StoredModel {
  /** Name of the folder. */
  readonly name: string;
  readonly calibration: Calibration;
  /** How it was trained, for readers of the file. */
  readonly training: Readonly<Record<string, unknown>>;
  readonly weights: Weights;
}

/** How models of one kind are recognized, read and run. The registry is index.ts. */
export interface ModelKind<File extends StoredModel = StoredModel> {
  readonly name: string;
  /** @param header the parsed but unchecked `model.json`; undefined if it is not JSON */
  recognizes(header: unknown): boolean;
  /** @throws UserError `bad-model` with the field that is wrong */
  read(folder: string): Promise<File>;
  /**
   * Whether undertone's own kernels compute all of a model: on `wasm` it runs without TensorFlow.js (`engine.tf` must not be
   * read then), and no engine is faster. Absent: no model of the kind.
   *
   * @param header the parsed but unchecked `model.json`, or a file that was read
   */
  runsOnKernels?(header: unknown): boolean;
  /**
   * Loads the model's weights onto an engine. The result holds no state of any stream.
   *
   * @param modelsFolder the folder of the pretrained weights that several models share
   */
  create(file: File, engine: Engine, modelsFolder: string): Promise<EmotionModel>;
}

/** The error for a stream's saved state that does not match the model. */
export function foreignState(model: string): UserError {
  return new UserError(
    'bad-state',
    `The saved state of this stream is from another model than "${model}"; reset the stream or load the model that saved it.`,
  );
}

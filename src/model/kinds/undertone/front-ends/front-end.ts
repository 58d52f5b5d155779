import type { EmotionModel, ModelInput, ModelState, StepWindow } from '../../../../types.ts';
import type { Engine } from '../../../engine.ts';

/** The first stage of a model: computes one row of features per stream and step, the input of the network. */
export interface FrontEnd {
  /** Length of a row. */
  readonly inputs: number;
  /** What it needs of a window besides `mel`; absent if that is enough. */
  readonly needs?: NonNullable<EmotionModel['needs']>;
  /** The front end's part of a new stream's state; empty if it is stateless. */
  initialState(): ModelState;
  /** Computes one step of each stream. Undefined if a state is from another model. */
  extract(inputs: readonly ModelInput[]): Extracted | undefined;
  /** The same for successive steps of one stream, from its state before the first. Absent: each by `extract`. */
  extractRun?(windows: readonly StepWindow[], state: ModelState): Extracted | undefined;
  /** As that of the model. */
  readonly early?: NonNullable<EmotionModel['early']>;
  dispose(): void;
}

/** A row of each input, [inputs, inputs of the network] in a fresh array, and the front end's part of the state after it. */
export interface Extracted {
  readonly rows: Float32Array;
  readonly states: readonly ModelState[];
}

/** An entry of the registry in index.ts. */
export interface FrontEndKind {
  /** Length of a row. */
  readonly inputs: number;
  /** Whether it needs no TensorFlow.js on `wasm`. */
  readonly onKernels?: true;
  /**
   * @param modelsFolder the folder of the pretrained weights
   * @throws UserError if pretrained weights are missing or damaged
   */
  load(engine: Engine, modelsFolder: string): Promise<FrontEnd>;
}

import type { EmotionModel, ModelInput, ModelState } from '../../../../types.ts';
import type { Engine } from '../../../engine.ts';

/** The first stage of a model: computes one row of features per stream and step, the input of the network. */
export interface FrontEnd {
  /** Length of a row. */
  readonly inputs: number;
  /** What it needs of a window besides `mel`; absent if that is enough. */
  readonly needs?: NonNullable<EmotionModel['needs']>;
  /** The front end's part of a new stream's state; empty if it is stateless. */
  initialState(): ModelState;
  /** Computes one step of each stream: [streams, inputs] in a fresh array. Undefined if a state is from another model. */
  extract(inputs: readonly ModelInput[]): { rows: Float32Array; states: readonly ModelState[] } | undefined;
  /** As that of the model. */
  readonly early?: NonNullable<EmotionModel['early']>;
  dispose(): void;
}

/** An entry of the registry in index.ts. */
export interface FrontEndKind {
  /** Length of a row. */
  readonly inputs: number;
  /**
   * @param modelsFolder the folder of the pretrained weights
   * @throws UserError if pretrained weights are missing or damaged
   */
  load(engine: Engine, modelsFolder: string): Promise<FrontEnd>;
}

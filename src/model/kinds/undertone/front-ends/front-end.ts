import type { ModelInput, ModelState } from '../../../../types.ts';
import type { Engine } from '../../../engine.ts';

/** The first stage of a model: computes one row of features per stream and step, which the network learns from. */
export interface FrontEnd {
  /** Length of a row. */
  readonly inputs: number;
  /** The front end's part of a new stream's state; an empty object where it is stateless. */
  initialState(): ModelState;
  /** One step of each stream. `rows`: [streams, inputs], fresh. Undefined where a state is another model's. */
  extract(inputs: readonly ModelInput[]): { rows: Float32Array; states: readonly ModelState[] } | undefined;
  dispose(): void;
}

/** An entry of the registry in index.ts. */
export interface FrontEndKind {
  /** Length of the rows that its front ends make. */
  readonly inputs: number;
  /**
   * @param modelsFolder where the folders of pretrained weights lie
   * @throws UserError where those that it needs are missing or damaged
   */
  load(engine: Engine, modelsFolder: string): Promise<FrontEnd>;
}

import type { ModelInput, ModelState } from '../../../../types.ts';

/**
 * `mel`: statistics of the window (summary.ts). `patches`: the same, and which kinds of sounds occur in it
 * (patches/). `musicnn`: what pretrained music taggers hear in it (musicnn/).
 */
export const FRONT_ENDS = ['mel', 'patches', 'musicnn'] as const;
export type FrontEndName = (typeof FRONT_ENDS)[number];

/** The first stage of a model: it makes a row of numbers of each stream's window, for the network to learn from. */
export interface FrontEnd {
  /** Length of a row. */
  readonly inputs: number;
  /** What a stream that has heard nothing remembers here; an empty object where nothing is remembered. */
  initialState(): ModelState;
  /** One step of each stream. `rows`: [streams, inputs], fresh. States of other models are refused with undefined. */
  hear(inputs: readonly ModelInput[]): { rows: Float32Array; states: readonly ModelState[] } | undefined;
  dispose(): void;
}

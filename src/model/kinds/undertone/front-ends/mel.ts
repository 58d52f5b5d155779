import { SUMMARY_LENGTH, summaryOf } from '../../../summary.ts';
import type { FrontEnd, FrontEndKind } from './front-end.ts';

/** Statistics of the mel window (summary.ts). */
export const mel: FrontEndKind = {
  inputs: SUMMARY_LENGTH,
  onKernels: true,
  load: async () => createMelFrontEnd(),
};

/** Statistics of the mel window. It is stateless. */
export function createMelFrontEnd(): FrontEnd {
  return {
    inputs: SUMMARY_LENGTH,
    initialState: () => ({}),
    extract(inputs) {
      // A fresh array, because engines may keep a reference instead of copying.
      const rows = new Float32Array(inputs.length * SUMMARY_LENGTH);
      for (const [i, { window }] of inputs.entries()) rows.set(summaryOf(window), i * SUMMARY_LENGTH);
      return { rows, states: inputs.map(() => ({})) };
    },
    dispose() {},
  };
}

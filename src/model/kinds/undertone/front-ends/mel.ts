import { SUMMARY_LENGTH } from '../../../config.ts';
import { framesHeard, Summary } from '../../../summary.ts';
import type { FrontEnd } from './front-end.ts';

/** Statistics of the mel window. It remembers nothing. */
export function createMelFrontEnd(): FrontEnd {
  const summary = new Summary();
  return {
    inputs: SUMMARY_LENGTH,
    initialState: () => ({}),
    hear(inputs) {
      // A fresh array: engines may keep what they are given instead of copying it.
      const rows = new Float32Array(inputs.length * SUMMARY_LENGTH);
      for (const [i, { window }] of inputs.entries()) {
        summary.write(window.mel, framesHeard(window.step), rows, i * SUMMARY_LENGTH);
      }
      return { rows, states: inputs.map(() => ({})) };
    },
    dispose() {},
  };
}

import { PAIRS } from '../../../model/pair-forecaster.ts';
import type { Forecaster } from '../forecaster.ts';

export const lastPair: Forecaster = {
  name: 'persistence',
  title: 'persistence',
  about: 'The last pair stays.',
  version: '1',
  async learn({ ahead }) {
    return ({ pairs, count }) => {
      const said = new Float32Array(count * 2 * ahead.length);
      for (let i = 0; i < said.length; i++) {
        const window = Math.floor(i / (2 * ahead.length));
        said[i] = pairs[(window + 1) * 2 * PAIRS - 2 + (i % 2)]!;
      }
      return said;
    };
  },
};

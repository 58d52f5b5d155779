import type { Forecaster } from '../forecaster.ts';
import { PAIRS, PairForecaster } from '../pair-forecaster.ts';

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

/** This project's forecast of a curve that is known. */
export const ours: Forecaster = {
  name: 'ours',
  title: 'undertone, from pairs',
  about: 'The last pair and a learned change: ridge regression on the nine differences and the last pair.',
  version: '1',
  async learn({ learned, ahead }) {
    const runs = learned.songs.flatMap((song) => song.runs);
    const fits = ahead.map((steps) => PairForecaster.fit(runs, steps));
    return ({ pairs, count }) => {
      const said = new Float32Array(count * 2 * ahead.length);
      for (let i = 0; i < count; i++) {
        const window = Float64Array.from(pairs.subarray(i * 2 * PAIRS, (i + 1) * 2 * PAIRS));
        for (const [k, fit] of fits.entries()) said.set(fit.predict(window), 2 * (i * ahead.length + k));
      }
      return said;
    };
  },
};

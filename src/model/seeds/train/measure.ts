import { type BaselineConfig, baselineShapes } from '../../kinds/baselines/systems.ts';
import type { SeedExample } from './examples.ts';
import type { Measured } from './initial-weights.ts';

/** Spread under which an input is taken for constant. */
const SMALLEST_SCALE = 1e-3;
/** Every so many steps of a clip are looked at: neighbours sound alike. */
const STRIDE = 4;

/** Mean and spread of the inputs and of the labels, over the clips that are learned from, as recorded. */
export function measure(
  examples: readonly SeedExample[],
  config: BaselineConfig,
): Measured & { labelVariance: number } {
  const labels = labelMoments(examples);
  // Statistics each have their own, raw clips one for each band; some networks standardise nothing.
  const [width] = baselineShapes(config)['input/mean'] ?? [];
  if (width === undefined) return { ...labels, mean: new Float64Array(0), scale: new Float64Array(0) };
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  const row = new Float32Array(examples[0]!.rowLength);
  let count = 0;
  for (const example of examples) {
    for (let step = 0; step < example.steps; step += STRIDE) {
      example.writeRow(step, row, 0);
      for (let i = 0; i < row.length; i++) {
        sums[i % width]! += row[i]!;
        squares[i % width]! += row[i]! ** 2;
      }
      count += row.length / width;
    }
  }
  const mean = sums.map((sum) => sum / count);
  const scale = squares.map((square, i) =>
    Math.max(SMALLEST_SCALE, Math.sqrt(Math.max(0, square / count - mean[i]! ** 2))),
  );
  return { ...labels, mean, scale };
}

function labelMoments(examples: readonly SeedExample[]) {
  const axis = (offset: number): [mean: number, variance: number] => {
    let [n, sum, squares] = [0, 0, 0];
    for (const { labels } of examples) {
      for (let i = offset; i < labels.length; i += 2) {
        const label = labels[i]!;
        if (Number.isNaN(label)) continue;
        n++;
        sum += label;
        squares += label ** 2;
      }
    }
    const mean = sum / n;
    return [mean, squares / n - mean ** 2];
  };
  const [valence, arousal] = [axis(0), axis(1)];
  return {
    labelMean: [valence[0], arousal[0]] as const,
    labelVariance: Math.max(1e-6, (valence[1] + arousal[1]) / 2),
  };
}

import { FORECAST_HORIZONS } from '../../src/types.ts';
import type { Segment, Sequence } from './sequence.ts';

const CHANGES = 2 * FORECAST_HORIZONS.length;

/**
 * Splices segments whose rows were made beforehand. Unlike on the live path no row reaches over a cut: a
 * piece's first rows know what came before it in its own clip.
 */
export function spliceRows(segments: readonly Segment[]): Sequence {
  const steps = segments.reduce((sum, { from, to }) => sum + to - from, 0);
  const { example } = segments[0]!;
  const inputs = example.rows!.length / example.steps;
  const tagCount = example.tags.length;
  const sequence = {
    steps,
    summaries: new Float32Array(steps * inputs),
    labels: new Float32Array(steps * 2),
    changes: new Float32Array(steps * CHANGES),
    tags: new Float32Array(steps * tagCount),
    lessons: new Float32Array(steps * 2).fill(Number.NaN),
  };
  let step = 0;
  for (const { example, from, to } of segments) {
    const copy = (values: Float32Array, width: number, target: Float32Array) =>
      target.set(values.subarray(from * width, to * width), step * width);
    copy(example.rows!, inputs, sequence.summaries);
    copy(example.labels, 2, sequence.labels);
    if (example.lessons) copy(example.lessons, 2, sequence.lessons);
    copy(example.changes, CHANGES, sequence.changes);
    for (const end = step + to - from; step < end; step++) sequence.tags.set(example.tags, step * tagCount);
  }
  return sequence;
}

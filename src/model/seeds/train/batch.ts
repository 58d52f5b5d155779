import { quadrantOf } from '../../../mood.ts';
import { CLASS_LOGITS } from '../../kinds/baselines/layers.ts';
import { wordOf } from '../../words.ts';
import type { SeedExample } from './examples.ts';

/** A stretch of a clip of music, from one step up to another. */
export interface Piece {
  readonly example: SeedExample;
  readonly from: number;
  readonly to: number;
}

/** Pieces side by side, time-major: row `step · streams + stream`. */
export interface SeedBatch {
  readonly steps: number;
  readonly streams: number;
  readonly rowLength: number;
  /** [steps · streams, rowLength] */
  readonly rows: Float32Array;
  /** [steps · streams, 2]; 0 where nothing is known. */
  readonly labels: Float32Array;
  /** [steps · streams, 1] 1 where there is a label, else 0. */
  readonly known: Float32Array;
  /** [steps · streams, CLASS_LOGITS] 1 at the label's quadrant and at its word; nothing where there is no label. */
  readonly classes: Float32Array;
}

/** @param pieces shorter ones are filled up with steps that count nothing */
export function seedBatchOf(pieces: readonly Piece[]): SeedBatch {
  const streams = pieces.length;
  const steps = Math.max(...pieces.map(({ from, to }) => to - from));
  const { rowLength } = pieces[0]!.example;
  const batch = {
    steps,
    streams,
    rowLength,
    rows: new Float32Array(steps * streams * rowLength),
    labels: new Float32Array(steps * streams * 2),
    known: new Float32Array(steps * streams),
    classes: new Float32Array(steps * streams * CLASS_LOGITS),
  };
  for (const [stream, { example, from, to }] of pieces.entries()) {
    for (let step = from; step < to; step++) {
      const row = (step - from) * streams + stream;
      example.writeRow(step, batch.rows, row * rowLength);
      const valence = example.labels[2 * step]!;
      const arousal = example.labels[2 * step + 1]!;
      if (Number.isNaN(valence)) continue;
      batch.labels.set([valence, arousal], 2 * row);
      batch.known[row] = 1;
      batch.classes[row * CLASS_LOGITS + quadrantOf(valence, arousal)] = 1;
      batch.classes[row * CLASS_LOGITS + 4 + wordOf(valence, arousal)] = 1;
    }
  }
  return batch;
}

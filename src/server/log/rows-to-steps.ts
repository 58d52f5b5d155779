import { MOODS } from '../../mood.ts';
import type { StepColumns } from './codec/block.ts';
import type { FrameRow } from './frame-row.ts';

/** Rows of the newest frames, as blocks give them for buckets. */
export function rowsToSteps(rows: readonly FrameRow[]): StepColumns {
  const numbers = (of: (row: FrameRow) => number | null) =>
    Float64Array.from(rows, (row) => of(row) ?? Number.NaN);
  return {
    timeMs: numbers((row) => row.time_ms),
    activity: Uint16Array.from(rows, (row) => row.activity),
    moods: MOODS,
    mood: Uint16Array.from(rows, (row) => (MOODS as readonly (string | null)[]).indexOf(row.mood) + 1),
    valence: numbers((row) => row.valence),
    arousal: numbers((row) => row.arousal),
    loudness: numbers((row) => row.loudness),
    confidence: numbers((row) => row.confidence),
  };
}

import type Database from 'libsql';
import { MOODS } from '../../../mood.ts';
import { RollupWriter } from './rollup-writer.ts';

interface Row {
  readonly run: number;
  readonly seq: number;
  readonly stream: number;
  readonly time_ms: number;
  readonly activity: number;
  readonly mood: string | null;
  readonly valence: number | null;
  readonly arousal: number | null;
  readonly loudness: number | null;
  readonly confidence: number;
}

const PAGE_ROWS = 5_000;

/** Makes the rollups of a log that had none from the frames that it has as rows. */
export function rollUpFrames(db: Database.Database): void {
  const rollups = new RollupWriter(db);
  const page = db.prepare(
    `SELECT run, seq, stream, time_ms, activity, mood, valence, arousal, loudness, confidence
     FROM frames JOIN runs ON runs.id = frames.run
     WHERE (run, seq) > (?, ?) ORDER BY run, seq LIMIT ${PAGE_ROWS}`,
  );
  let last: { readonly run: number; readonly seq: number } | undefined = { run: -1, seq: -1 };
  while (last) {
    const rows = page.all(last.run, last.seq) as Row[];
    for (const row of rows) {
      rollups.add(row.stream, row.time_ms, {
        activity: row.activity,
        mood: (MOODS as readonly (string | null)[]).indexOf(row.mood),
        valence: row.valence ?? Number.NaN,
        arousal: row.arousal ?? Number.NaN,
        loudness: row.loudness ?? Number.NaN,
        confidence: row.confidence,
      });
    }
    last = rows.at(-1);
  }
  rollups.write();
}

import type Database from 'libsql';
import type { TimeRange } from '../../log/history.ts';

/** Names of the models of a stream's runs within a span; a run goes on until the next begins. */
export function modelsOf(db: Database.Database, stream: string, { fromMs, toMs }: TimeRange): string[] {
  const rows = db
    .prepare(
      `SELECT model, started_ms AS startedMs FROM runs JOIN streams ON streams.id = runs.stream
       WHERE name = ? AND started_ms < ? ORDER BY runs.id`,
    )
    .all(stream, toMs) as { model: string; startedMs: number }[];
  const during = rows.filter((_, i) => (rows[i + 1]?.startedMs ?? Number.POSITIVE_INFINITY) > fromMs);
  // A run that was erased says nothing.
  return [...new Set(during.map(({ model }) => model).filter((model) => model !== ''))];
}

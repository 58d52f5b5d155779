import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { withWriteErrors } from './write-file.ts';

/** A line of `compare.jsonl`. */
export type RunEvent =
  | {
      readonly event: 'begin';
      readonly systems: readonly string[];
      readonly protocol: string;
      readonly folds: number;
      readonly seed: number;
      readonly engine: string;
      readonly data: readonly string[];
    }
  | {
      readonly event: 'fold';
      readonly system: string;
      readonly fold: string;
      readonly seconds: number;
      readonly scores: Readonly<Record<'valence' | 'arousal', { rmse: number; r2: number; ccc: number }>>;
    }
  /** The predictions of an earlier run. */
  | { readonly event: 'reused'; readonly system: string; readonly fold: string }
  | { readonly event: 'failed'; readonly system: string; readonly fold: string; readonly reason: string }
  | { readonly event: 'forecasting'; readonly part: string; readonly seconds: number }
  | { readonly event: 'stopped' | 'end'; readonly seconds: number };

export interface RunLog {
  /** @throws UserError `cannot-write` */
  write(event: RunEvent): Promise<void>;
}

/** Opens a log that appends to earlier runs; each line has the date. */
export function openRunLog(path: string): RunLog {
  return {
    write(event) {
      const line = `${JSON.stringify({ date: new Date().toISOString(), ...event })}\n`;
      return withWriteErrors(path, async () => {
        await mkdir(dirname(path), { recursive: true });
        await appendFile(path, line);
      });
    },
  };
}

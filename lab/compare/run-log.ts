import { appendFile, mkdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { writing } from './writing.ts';

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
  /** Kept from an earlier run. */
  | { readonly event: 'taken-up'; readonly system: string; readonly fold: string }
  | { readonly event: 'failed'; readonly system: string; readonly fold: string; readonly reason: string }
  | { readonly event: 'forecasting'; readonly part: string; readonly seconds: number }
  | { readonly event: 'stopped' | 'end'; readonly seconds: number };

export interface RunLog {
  /** @throws UserError `cannot-write` */
  write(event: RunEvent): Promise<void>;
}

/** Adds to what earlier runs wrote there; each line carries the date. */
export function openRunLog(path: string): RunLog {
  return {
    write(event) {
      const line = `${JSON.stringify({ date: new Date().toISOString(), ...event })}\n`;
      return writing(path, async () => {
        await mkdir(dirname(path), { recursive: true });
        await appendFile(path, line);
      });
    },
  };
}

export interface ComparedBy {
  readonly data: readonly string[];
  readonly systems?: readonly string[];
  readonly tasks: readonly string[];
  readonly protocol: string;
  readonly folds: number;
  readonly recipe?: string;
  readonly seed: number;
  readonly engine: string;
  readonly results?: string;
}

/** What was typed, for whoever wants the same again: folders of this machine by their last name, defaults left out. */
export function commandLine(flags: ComparedBy): string {
  const { data, systems, tasks, protocol, folds, recipe, seed, engine, results } = flags;
  return [
    'undertone compare --data',
    ...data.map((folder) => basename(resolve(folder))),
    ...(systems ? ['--systems', systems.join(',')] : []),
    ...(tasks.length < 2 ? ['--tasks', ...tasks] : []),
    ...(protocol === 'folds' ? [] : ['--protocol', protocol]),
    ...(folds === 5 || protocol !== 'folds' ? [] : ['--folds', String(folds)]),
    ...(recipe === undefined ? [] : ['--recipe', recipe]),
    ...(seed === 1 ? [] : ['--seed', String(seed)]),
    ...(engine === 'auto' ? [] : ['--engine', engine]),
    ...(results === undefined ? [] : ['--results', isAbsolute(results) ? basename(results) : results]),
  ].join(' ');
}

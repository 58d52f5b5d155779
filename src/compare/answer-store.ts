import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stepsFromCsv, stepsToCsv } from '../model/train/judged-steps.ts';
import type { CurvePoint, FoldAnswer, Scheme, SystemCost } from './system.ts';
import { writeResult } from './writing.ts';

/** All that an answer depends on: one that was kept is taken again where this is the same, to the letter. */
export interface AnswerKey {
  readonly system: string;
  readonly version: string;
  /** Name of the fold, and of how many it is one. */
  readonly fold: string;
  readonly folds: number;
  readonly protocol: string;
  /** A hash of songs, clips and labels. */
  readonly data: string;
  readonly seed: number;
  readonly recipe: string | null;
  readonly brief: boolean;
}

export interface KeptAnswer extends FoldAnswer {
  readonly fold: string;
  /** When it was done, ISO 8601, on what, and how long it took. */
  readonly date: string;
  readonly engine: string;
  readonly seconds: number;
}

export interface AnswerStore {
  /** Undefined where there is none of this key, or it is damaged. */
  read(key: AnswerKey): Promise<KeptAnswer | undefined>;
  write(key: AnswerKey, answer: KeptAnswer): Promise<void>;
}

/** What lies beside the table of steps. */
interface Header {
  readonly key: AnswerKey;
  readonly date: string;
  readonly engine: string;
  readonly seconds: number;
  readonly cost: { readonly [Cost in keyof SystemCost]: number | null };
  readonly curve?: readonly CurvePoint[];
  readonly classes?: Readonly<Record<Scheme, readonly number[]>>;
  readonly changes?: readonly number[];
  /** Hash of the table, so that one of another run is never taken for it. */
  readonly steps: string;
}

/**
 * A folder for each system, in it two files for each fold: what was said of every step as a table, and all else.
 * The second one is written last; an answer without it is not there.
 */
export function openAnswerStore(folder: string): AnswerStore {
  const placeOf = ({ system, protocol, folds, fold }: AnswerKey) =>
    join(folder, system, `${protocol}-${folds}-${fold}`.replaceAll(' ', '-'));
  return {
    async read(key) {
      const place = placeOf(key);
      const header = await readHeader(`${place}.json`);
      if (!header || JSON.stringify(header.key) !== JSON.stringify(key)) return undefined;
      const table = await readFile(`${place}.csv`, 'utf8').catch(() => '');
      if (hashOf(table) !== header.steps) return undefined;
      return answerOf(header, table, `${place}.csv`);
    },
    async write(key, answer) {
      const place = placeOf(key);
      const table = stepsToCsv(answer.steps);
      await writeResult(`${place}.csv`, table);
      await writeResult(`${place}.json`, `${JSON.stringify(headerOf(key, answer, table))}\n`);
    },
  };
}

async function readHeader(path: string): Promise<Header | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Header; // written by this program and read by nothing else
  } catch {
    return undefined;
  }
}

function headerOf(key: AnswerKey, answer: KeptAnswer, table: string): Header {
  const { date, engine, seconds, cost, curve, classes, changes } = answer;
  return {
    key,
    date,
    engine,
    seconds,
    cost: { ...cost, msPerStep: Number.isFinite(cost.msPerStep) ? cost.msPerStep : null },
    ...(curve && { curve }),
    ...(classes && { classes: { quadrants: rounded(classes.quadrants), words: rounded(classes.words) } }),
    ...(changes && { changes: rounded(changes) }),
    steps: hashOf(table),
  };
}

function answerOf(header: Header, table: string, name: string): KeptAnswer {
  const { key, date, engine, seconds, cost, curve, classes, changes } = header;
  return {
    fold: key.fold,
    date,
    engine,
    seconds,
    steps: stepsFromCsv(table, name),
    cost: {
      parameters: cost.parameters ?? Number.NaN,
      bytes: cost.bytes ?? Number.NaN,
      msPerStep: cost.msPerStep ?? Number.NaN,
    },
    ...(curve && { curve }),
    ...(classes && {
      classes: { quadrants: Float32Array.from(classes.quadrants), words: Float32Array.from(classes.words) },
    }),
    ...(changes && { changes: Float32Array.from(changes) }),
  };
}

/** Nine digits give back any 32-bit number exactly. */
function rounded(values: Float32Array): number[] {
  return Array.from(values, (x) => Number(x.toPrecision(9)));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

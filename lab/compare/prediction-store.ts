import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scheme } from '../evaluate/classes.ts';
import { stepsFromCsv, stepsToCsv } from '../evaluate/scored-steps.ts';
import type { CurvePoint, FoldPrediction, SystemCost } from './system.ts';
import { writeResult } from './write-file.ts';

/** Everything that a prediction depends on. A stored prediction is reused only when all of it is equal. */
export interface PredictionKey {
  readonly system: string;
  readonly version: string;
  /** Name of the fold, and the number of folds. */
  readonly fold: string;
  readonly folds: number;
  readonly protocol: string;
  /** A hash of songs, clips and labels. */
  readonly data: string;
  readonly seed: number;
  readonly recipe: string | null;
  readonly brief: boolean;
}

export interface StoredPrediction extends FoldPrediction {
  readonly fold: string;
  /** When it was made (ISO 8601), the engine that made it, and the time it took. */
  readonly date: string;
  readonly engine: string;
  readonly seconds: number;
}

export interface PredictionStore {
  /** Undefined when there is no prediction with this key, or it is damaged. */
  read(key: PredictionKey): Promise<StoredPrediction | undefined>;
  write(key: PredictionKey, prediction: StoredPrediction): Promise<void>;
}

/** The JSON file beside the table of steps. */
interface Header {
  readonly key: PredictionKey;
  readonly date: string;
  readonly engine: string;
  readonly seconds: number;
  readonly cost: { readonly [Cost in keyof SystemCost]: number | null };
  readonly curve?: readonly CurvePoint[];
  readonly classes?: Readonly<Record<Scheme, readonly number[]>>;
  /** SHA-256 of the table, so that a table of another run is never used. */
  readonly steps: string;
}

/**
 * Opens a store of predictions: a folder for each system with two files for each fold, a CSV table of all steps and a
 * JSON file with the rest. The JSON file is written last; a table without it is ignored.
 */
export function openPredictionStore(folder: string): PredictionStore {
  const pathOf = ({ system, protocol, folds, fold }: PredictionKey) =>
    join(folder, system, `${protocol}-${folds}-${fold}`.replaceAll(' ', '-'));
  return {
    async read(key) {
      const path = pathOf(key);
      const header = await readHeader(`${path}.json`);
      if (!header || JSON.stringify(header.key) !== JSON.stringify(key)) return undefined;
      const table = await readFile(`${path}.csv`, 'utf8').catch(() => '');
      if (hashOf(table) !== header.steps) return undefined;
      return predictionOf(header, table, `${path}.csv`);
    },
    async write(key, prediction) {
      const path = pathOf(key);
      const table = stepsToCsv(prediction.steps);
      await writeResult(`${path}.csv`, table);
      await writeResult(`${path}.json`, `${JSON.stringify(headerOf(key, prediction, table))}\n`);
    },
  };
}

async function readHeader(path: string): Promise<Header | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Header; // this program wrote it, so it needs no validation
  } catch {
    return undefined;
  }
}

function headerOf(key: PredictionKey, prediction: StoredPrediction, table: string): Header {
  const { date, engine, seconds, cost, curve, classes } = prediction;
  return {
    key,
    date,
    engine,
    seconds,
    cost: { ...cost, msPerStep: Number.isFinite(cost.msPerStep) ? cost.msPerStep : null },
    ...(curve && { curve }),
    ...(classes && { classes: { quadrants: rounded(classes.quadrants), words: rounded(classes.words) } }),
    steps: hashOf(table),
  };
}

function predictionOf(header: Header, table: string, name: string): StoredPrediction {
  const { key, date, engine, seconds, cost, curve, classes } = header;
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
  };
}

/** Nine digits restore any 32-bit number exactly. */
function rounded(values: Float32Array): number[] {
  return Array.from(values, (x) => Number(x.toPrecision(9)));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

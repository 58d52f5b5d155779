import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FORECAST_HORIZONS } from '../../src/types.ts';
import { stepsFromCsv, stepsToCsv } from '../evaluate/scored-steps.ts';
import type { LabelledClip } from './labelled-clips.ts';
import { type CurvePoint, type FoldAnswer, SCHEMES, type Scheme, type SystemCost } from './system.ts';
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

/** Of both axes, for each horizon. */
const CHANGES = 2 * FORECAST_HORIZONS.length;

/**
 * Says no to an answer that is not one, before any score is made of it.
 *
 * @param judged the clips that were to be answered for
 * @throws Error with a sentence of what is wrong
 */
export function checkAnswer(answer: FoldAnswer, judged: readonly LabelledClip[]): void {
  const expected = judged.flatMap(({ clip, steps }) => steps.map((step) => ({ file: clip.file, step })));
  const { steps, classes, changes } = answer;
  if (steps.length !== expected.length)
    throw new Error(`it answered for ${steps.length} steps where ${expected.length} have a label`);
  for (const [i, { file, step }] of expected.entries()) {
    const { file: of, t, label, said, sd } = steps[i]!;
    const place = `${of} at ${t} s`;
    if (of !== file || t !== step.t)
      throw new Error(`it answered for ${place} where ${file} at ${step.t} s is due`);
    if (label.valence !== step.valence || label.arousal !== step.arousal)
      throw new Error(`it was judged by another label than listeners gave ${place}`);
    if (![said.valence, said.arousal].every(Number.isFinite))
      throw new Error(`it said no number of ${place}`);
    if (![sd.valence, sd.arousal].every((x) => Number.isFinite(x) && x > 0))
      throw new Error(`its standard deviation of ${place} is none`);
  }
  if (changes && (changes.length !== CHANGES * steps.length || !changes.every(Number.isFinite)))
    throw new Error(`the changes that it expects are not ${steps.length} times ${CHANGES} numbers`);
  if (!classes) return;
  for (const scheme of SCHEMES) {
    const values = classes[scheme];
    if (values.length !== 4 * steps.length || !values.every((p) => p >= 0 && p <= 1 + 1e-5))
      throw new Error(`what it says of the four ${scheme} are not ${steps.length} times four probabilities`);
  }
}

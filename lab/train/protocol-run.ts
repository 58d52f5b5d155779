import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../src/user-error.ts';
import { writeAtomicSync } from '../../src/util/write-atomic.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { songKey } from '../datasets/song.ts';
import { type ScoredStep, stepsFromCsv, stepsToCsv } from '../evaluate/scored-steps.ts';
import type { FoldStore } from './cross-validate.ts';
import type { TrainOptions } from './options.ts';
import type { Protocol } from './protocol.ts';
import { checkSameEngine, prepareFolder } from './run-folder.ts';

const FILE = 'protocol.json';

/** The settings of a protocol run. A run can only be resumed with the same settings. */
export interface ProtocolPlan {
  readonly protocol: Protocol;
  readonly folds: number;
  readonly options: TrainOptions;
  readonly engine: string;
  readonly data: readonly string[];
  /** A hash of songs, clips and their start times. */
  readonly clips: string;
}

export function clipsHash({ clips }: Dataset): string {
  const hash = createHash('sha256');
  for (const { song, file, startMs } of clips) hash.update(`${songKey(song)}\t${file}\t${startMs}\n`);
  return hash.digest('hex');
}

/** Reads the plan of a folder; undefined if it has no protocol run. @throws UserError `bad-checkpoint` */
export async function readPlan(folder: string): Promise<ProtocolPlan | undefined> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as ProtocolPlan; // written and read by this program only
  } catch (cause) {
    throw new UserError(
      'bad-checkpoint',
      `${join(folder, FILE)} cannot be read; remove it and start again.`,
      {
        cause,
      },
    );
  }
}

/**
 * Prepares a folder for a protocol run. It holds the plan, and a table of predictions for each finished fold.
 *
 * @param resumed the plan of the run to resume; without it, the results of an earlier run are removed
 * @throws UserError `unfinished` if the folder holds another unfinished run; `bad-checkpoint` if music or engine differ
 */
export async function openProtocolRun(
  folder: string,
  plan: ProtocolPlan,
  foldNames: readonly string[],
  resumed: ProtocolPlan | undefined,
): Promise<FoldStore> {
  await prepareFolder(folder, resumed !== undefined);
  if (resumed && resumed.clips !== plan.clips) {
    throw new UserError(
      'bad-checkpoint',
      `The run in ${folder} was started with other music; pass the same folders to --data, or start again with another --out.`,
    );
  }
  if (resumed) checkSameEngine('run', folder, resumed.engine, plan.engine);
  const store = csvStore(folder);
  if (!resumed) {
    const earlier = await readPlan(folder);
    if (earlier && !(await isComplete(folder))) throw unfinished(folder);
    for (const name of foldNames) await rm(placeOf(folder, name), { force: true });
    await rm(join(folder, 'report.json'), { force: true });
    await writeFile(join(folder, FILE), `${JSON.stringify(plan, null, 1)}\n`);
  }
  return store;
}

export interface ProtocolRun {
  readonly plan: ProtocolPlan;
  /** The predictions of each fold. */
  readonly folds: readonly { readonly name: string; readonly steps: readonly ScoredStep[] }[];
}

/** Reads a finished run. @throws UserError `bad-runs` if the folder has none */
export async function readProtocolRun(folder: string): Promise<ProtocolRun> {
  const plan = await readPlan(folder);
  const report = await readFile(join(folder, 'report.json'), 'utf8').catch(() => undefined);
  if (!plan || report === undefined) {
    throw new UserError(
      'bad-runs',
      `${folder} has no finished run of a protocol; write one with \`undertone train --protocol NAME --out ${folder}\`.`,
    );
  }
  const { folds } = JSON.parse(report) as { folds: readonly { name: string }[] }; // written by this program only
  const store = csvStore(folder);
  return {
    plan,
    folds: await Promise.all(
      folds.map(async ({ name }) => ({ name, steps: (await store.read(name)) ?? [] })),
    ),
  };
}

function csvStore(folder: string): FoldStore {
  return {
    async read(fold) {
      const path = placeOf(folder, fold);
      const text = await readFile(path, 'utf8').catch(() => undefined);
      return text === undefined ? undefined : stepsFromCsv(text, path);
    },
    async write(fold, steps) {
      writeAtomicSync(placeOf(folder, fold), stepsToCsv(steps));
    },
  };
}

function placeOf(folder: string, fold: string): string {
  return join(folder, `${fold.replace(/[^a-z0-9]+/gi, '-')}.csv`);
}

function isComplete(folder: string): Promise<boolean> {
  return readFile(join(folder, 'report.json')).then(
    () => true,
    () => false,
  );
}

function unfinished(folder: string): UserError {
  return new UserError(
    'unfinished',
    `The folder ${folder} holds an unfinished run; continue it with \`undertone train --resume ${folder}\`, remove its ${FILE}, or choose another folder with --out.`,
  );
}

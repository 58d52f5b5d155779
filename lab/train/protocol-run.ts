import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../src/user-error.ts';
import { writeAtomicSync } from '../../src/util/write-atomic.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { songKey } from '../datasets/song.ts';
import { stepsFromCsv, stepsToCsv } from '../evaluate/scored-steps.ts';
import type { FoldStore } from './cross-validate.ts';
import type { TrainOptions } from './options.ts';
import type { Protocol } from './protocol.ts';
import { checkSameEngine, prepareFolder } from './run-folder.ts';

const FILE = 'protocol.json';

/** What a run of a protocol was begun with: with anything else its finished folds would be another run's. */
export interface ProtocolPlan {
  readonly protocol: Protocol;
  readonly folds: number;
  readonly options: TrainOptions;
  readonly engine: string;
  readonly data: readonly string[];
  /** A hash of songs, clips and their beginnings. */
  readonly clips: string;
}

export function clipsHash({ clips }: Dataset): string {
  const hash = createHash('sha256');
  for (const { song, file, startMs } of clips) hash.update(`${songKey(song)}\t${file}\t${startMs}\n`);
  return hash.digest('hex');
}

/** Undefined where the folder holds no run of a protocol. */
export async function readPlan(folder: string): Promise<ProtocolPlan | undefined> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as ProtocolPlan; // written by this program and read by nothing else
  } catch (cause) {
    throw new UserError('bad-checkpoint', `${join(folder, FILE)} cannot be read; remove it and begin anew.`, {
      cause,
    });
  }
}

/**
 * A folder for a run of a protocol: its plan, and a table of what was said in each fold once that is done.
 *
 * @param resumed the plan of the run to go on with; without it what another run left there is removed
 * @throws UserError `unfinished` where another run waits there; `bad-checkpoint` where music or engine is not the same
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
      `The run in ${folder} was begun with other music than is there now; give the same folders with --data, or begin anew with another --out.`,
    );
  }
  if (resumed) checkSameEngine('run', folder, resumed.engine, plan.engine);
  const store = csvStore(folder);
  if (!resumed) {
    const waiting = await readPlan(folder);
    if (waiting && !(await isComplete(folder))) throw unfinished(folder);
    for (const name of foldNames) await rm(placeOf(folder, name), { force: true });
    await rm(join(folder, 'report.json'), { force: true });
    await writeFile(join(folder, FILE), `${JSON.stringify(plan, null, 1)}\n`);
  }
  return store;
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
  return join(folder, `${fold.replaceAll(' ', '-')}.csv`);
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
    `The folder ${folder} holds a run that was stopped; go on with \`undertone train --resume ${folder}\`, or remove its ${FILE}, or give another folder with --out.`,
  );
}

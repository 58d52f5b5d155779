import { basename, isAbsolute, resolve } from 'node:path';
import type { EngineName } from '../../src/model/engine.ts';
import type { RecipeName } from '../baselines/recipes.ts';
import type { CompareProtocol } from '../compare/folds.ts';

export const COMPARE_TASKS = ['tracking', 'forecasting'] as const;
export type CompareTask = (typeof COMPARE_TASKS)[number];

/** Flags of `undertone compare`, with defaults. */
export interface CompareFlags {
  readonly data: string[];
  readonly systems?: string[];
  readonly tasks: CompareTask[];
  readonly protocol: CompareProtocol;
  readonly folds: number;
  readonly recipe?: RecipeName;
  readonly out: string;
  readonly results?: string;
  readonly seed: number;
  readonly engine: EngineName | 'auto';
  readonly cache?: string;
  readonly json?: boolean;
}

/** The command line that reproduces a run: folders by their base names, defaults left out. */
export function commandLine(flags: CompareFlags): string {
  const { data, systems, tasks, protocol, folds, recipe, seed, engine, results } = flags;
  return [
    'undertone compare --data',
    ...data.map((folder) => basename(resolve(folder))),
    ...(systems ? ['--systems', systems.join(',')] : []),
    ...(tasks.length < COMPARE_TASKS.length ? ['--tasks', ...tasks] : []),
    ...(protocol === 'folds' ? [] : ['--protocol', protocol]),
    ...(folds === 5 || protocol !== 'folds' ? [] : ['--folds', String(folds)]),
    ...(recipe === undefined ? [] : ['--recipe', recipe]),
    ...(seed === 1 ? [] : ['--seed', String(seed)]),
    ...(engine === 'auto' ? [] : ['--engine', engine]),
    ...(results === undefined ? [] : ['--results', isAbsolute(results) ? basename(results) : results]),
  ].join(' ');
}

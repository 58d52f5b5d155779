import { basename, isAbsolute, resolve } from 'node:path';

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

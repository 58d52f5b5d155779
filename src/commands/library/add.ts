import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../../user-error.ts';
import { printable } from '../../util/printable.ts';
import { pathArguments, positiveInteger } from '../arguments.ts';
import { createProgress } from '../progress.ts';
import { type LibraryFlags, openTrackStore, withLibraryOption } from './library-option.ts';

interface AddFlags extends LibraryFlags {
  readonly model: string;
  readonly threads: number;
  readonly retry?: boolean;
}

/** `undertone library add`: analyzes what is new or has changed. */
export function addCommand(): Command {
  const command = new Command('add')
    .description(
      'Analyze recordings that are new or have changed. Press Ctrl-C to stop; the next run continues there.',
    )
    .argument(
      '[path...]',
      'files, folders with their subfolders, and M3U playlists; without one, all that were added before',
      pathArguments,
    )
    .option('--model <name>', 'name of a model in models/, or path of a model folder', 'undertone')
    .option(
      '--threads <count>',
      'files to analyze at the same time; each thread needs about 200 MB',
      positiveInteger,
      availableParallelism(),
    )
    .option('--retry', 'also analyze files again that failed before');
  return withLibraryOption(command)
    .addHelpText(
      'after',
      '\nExamples:\n  $ undertone library add ~/Music\n  $ undertone library add ~/Music --model undertone-lite --threads 2',
    )
    .action(run);
}

async function run(paths: string[], flags: AddFlags): Promise<void> {
  const [{ scan }, { addToLibrary }, { createWorkerAnalyzer }, { findModel, readAnyModel }] =
    await Promise.all([
      import('../../library/scan.ts'),
      import('../../library/add-to-library.ts'),
      import('../../library/analysis/worker-analyzer.ts'),
      import('../../model/load.ts'),
    ]);
  const model = (await readAnyModel(await findModel(flags.model))).name;
  const { store, file, close } = await openTrackStore(flags, { create: true });
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const given = paths.length > 0 ? paths : store.folders();
    if (given.length === 0)
      throw new UserError('usage', 'The library has no folders yet: name one, such as ~/Music.');
    if (flags.retry) store.removeFailures(store.failures().map(({ path }) => path));
    const found = await scan(given, store, model);
    for (const path of given) store.addFolder(resolve(path));
    const total = found.changed.length;
    const threads = Math.min(flags.threads, total);
    const progress = createProgress();
    const counts = { analyzed: 0, moved: 0, touched: 0, copy: 0, failed: found.garbled.length };
    const failures = [...found.garbled];
    let done = 0;
    progress.begin('Analyzing', total);
    await addToLibrary({
      scan: found,
      store,
      model,
      analyzers: Array.from({ length: threads }, () => createWorkerAnalyzer(flags.model)),
      onFile(outcome, message) {
        counts[outcome]++;
        progress.to(++done);
        if (message !== undefined) failures.push(message);
      },
      signal: stop.signal,
    }).finally(() => progress.end());
    for (const message of failures) process.stderr.write(`undertone: Left out: ${printable(message)}\n`);
    if (stop.signal.aborted) {
      throw new UserError(
        'interrupted',
        `Stopped after ${done} of ${total} changed files; run the command again to continue.`,
      );
    }
    console.log(addedText(file, { ...counts, unchanged: found.unchanged }));
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    close();
  }
}

/** `The library FILE is up to date: 310 analyzed, 2 moved, 4 unchanged.` */
function addedText(file: string, counts: Readonly<Record<string, number>>): string {
  const words = {
    analyzed: 'analyzed',
    moved: 'moved',
    touched: 'with a new time only',
    copy: counts.copy === 1 ? 'copy of a known track' : 'copies of known tracks',
    failed: 'left out',
    unchanged: 'unchanged',
  };
  const parts = Object.entries(words).flatMap(([name, word]) =>
    counts[name] ? `${counts[name]} ${word}` : [],
  );
  return `The library ${file} is up to date: ${parts.join(', ') || 'nothing found'}.`;
}
